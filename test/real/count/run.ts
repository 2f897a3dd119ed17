import { parseArgs } from 'node:util';
import type { KafkaVersion } from '../stand/settings.ts';
import { startCluster } from '../stand/cluster.ts';
import { loneBroker } from '../stand/lone-broker.ts';
import { BREAKS, readBreaks } from './breaks.ts';
import { countedRun } from './count.ts';
import { tallyText } from './tally.ts';

const HELP = `npm run count -- [--count 20000] [--rate 1500] [--connections 32] [--bytes 500] [--kafka 4.1.0] [--brokers 1] [--ack kafka]
                 [--break WHAT@SECOND[:FOR],…] [--set key=value]…
${Object.entries(BREAKS)
  .map(([what, meaning]) => `  ${what.padEnd(14)} ${meaning}`)
  .join('\n')}
`;

/** Counts what was acknowledged and what is stored, through whatever is broken meanwhile. Exit 0: nothing acknowledged is lost. */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    rate: { type: 'string', default: '1500' },
    connections: { type: 'string', default: '32' },
    bytes: { type: 'string', default: '500' },
    kafka: { type: 'string', default: '4.1.0' },
    brokers: { type: 'string', default: '1' },
    ack: { type: 'string', default: 'kafka' },
    break: { type: 'string', default: '' },
    set: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else {
  const breaks = readBreaks(values.break);
  if (!['1', '3'].includes(values.brokers)) throw new Error(`--brokers ${values.brokers}: give 1 or 3`);
  const kafka = values.kafka as KafkaVersion;
  const broker = await (values.brokers === '1' ? loneBroker({ kafka }) : startCluster(kafka));
  try {
    const set = Object.fromEntries(values.set.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
    const plan = {
      count: Number(values.count),
      perSecond: Number(values.rate),
      connections: Number(values.connections),
      bytes: Number(values.bytes),
      breaks,
      set: { 'bridge.ack': values.ack, ...set },
    };
    const result = await countedRun(broker, plan, (line) => process.stdout.write(`${line}\n`));
    process.stdout.write(`\n${tallyText(result)}\nbridge exit   ${result.exit}\n`);
    process.exitCode = result.lost.length > 0 ? 2 : 0;
  } finally {
    await broker.stop();
  }
}

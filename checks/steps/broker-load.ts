import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { ioLoad } from '../derive/io.ts';
import type { DiskLoad, NetLoad } from '../derive/io.ts';
import { cannot, pass, warn, without } from '../derive/verdict.ts';
import { bytes, count, list, percent, rate, span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';
import type { Thresholds } from '../thresholds.ts';

export const brokerLoad = defineCheck({
  id: 'broker-load',
  heading: 'Issue 4: Processing Lag Building Up',
  question: "Do the host's disks and network have room?",
  why: 'A broker acknowledges a record once its log has it: a disk that is busy all the time slows every producer, and no metric of the connector says so. Look at each broker: --host-command names the host.',
  needs: ['host.io'],
  commands: ['iostat -xz 1', 'iftop'],
  evaluate: judge,
});

/** Of disks and interfaces that do something, the busiest. */
const MOST = 3;

/** An idle interface is not worth a word, unless there are only such. */
const busiest = (nets: readonly NetLoad[]): NetLoad[] => {
  const busy = nets.filter(({ receivedPerSecond, sentPerSecond }) => receivedPerSecond + sentPerSecond > 0);
  return (busy.length === 0 ? nets.slice(0, 1) : busy).slice(0, MOST);
};

function judge(facts: Facts, { diskBusyWarnPercent }: Thresholds): Verdict {
  const series = seen(facts, 'host.io');
  if (series === undefined) return without(facts, 'host.io', "The host's disks and network");
  const load = ioLoad(series);
  if (load === undefined)
    return cannot("The host's disks and network were read only once, which makes no rate.", quote(facts, 'host.io', 'samples.0.at'));
  const { disks, nets, spanMs } = load;
  const evidence = [
    ...disks
      .slice(0, MOST)
      .map(({ name, busyPercent }) =>
        quote(facts, 'host.io', `samples.1.values.disk.${name}.busyMs`, `${name} ${percent(busyPercent)} busy`),
      ),
    ...busiest(nets).map((net) => quote(facts, 'host.io', `samples.1.values.net.${net.name}.receivedBytes`, netWords(net))),
  ];
  const said = `${list(disks.slice(0, MOST).map(diskWords)) || 'no disk'}; ${list(busiest(nets).map(netWords)) || 'no interface'}; over ${span(spanMs)}`;
  const busy = disks.filter(({ busyPercent }) => busyPercent >= diskBusyWarnPercent);
  const lossy = nets.filter(({ troubles }) => troubles > 0);
  if (busy.length === 0 && lossy.length === 0) return pass(`Disks and network have room: ${said}.`, ...evidence);
  const what = [
    ...busy.map(({ name }) => `disk ${name} is busy nearly all the time`),
    ...lossy.map(
      ({ name, troubles }) => `interface ${name} lost ${count(troubles)} ${troubles === 1 ? 'packet' : 'packets'} to errors or drops`,
    ),
  ];
  return warn({
    sentence: `On the host looked at, ${list(what)}: ${said}.`,
    expected: `disks that are busy less than ${diskBusyWarnPercent} % of the time, and no packet lost`,
    byHand: 'iostat -xz 1 5; ip -s link',
    evidence,
  });
}

const diskWords = ({ name, busyPercent, readPerSecond, writtenPerSecond, waitMs }: DiskLoad): string =>
  `${name} ${percent(busyPercent)} busy, reads ${bytes(readPerSecond)}/s, writes ${bytes(writtenPerSecond)}/s${waitMs === null ? '' : `, ${rate(waitMs)} ms a request`}`;

const netWords = ({ name, receivedPerSecond, sentPerSecond }: NetLoad): string =>
  `${name} receives ${bytes(receivedPerSecond)}/s and sends ${bytes(sentPerSecond)}/s`;

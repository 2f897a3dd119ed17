import { benchBridge } from './bridge.ts';
import { benchDurable } from './durable.ts';
import { benchLog } from './log.ts';
import { benchSoak } from './soak.ts';

/** `npm run bench -- NAME [ROUNDS]`: measures one thing on this machine and writes test/bench/results-NAME.md. */
const BENCHES: Readonly<Record<string, (rounds: number) => Promise<void>>> = {
  bridge: benchBridge,
  durable: benchDurable,
  log: benchLog,
  soak: benchSoak,
};

const [name = '', rounds = '7'] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`bench: "${name}" is none of ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 3;
} else await bench(Number(rounds));

import { list } from '../checks/derive/words.ts';
import { isSeen, type Facts } from '../checks/facts/index.ts';
import { gather } from '../checks/gather.ts';
import type { Probe } from '../checks/probes/probe.ts';
import { fromRecord } from '../checks/record.ts';
import { STDIN, type Settings, type Target } from '../checks/target.ts';
import { badInput } from './bad-input.ts';
import type { ReadOptions } from './read-options.ts';
import { readRecords } from './record-folder.ts';
import { settingsOf, targetOf } from './target-options.ts';

/** What a look needs of the world besides its options. */
export type World = {
  env: Readonly<Record<string, string | undefined>>;
  now: () => number;
  version: string;
  /** seconds to watch when nobody says */
  windowSeconds: number;
  /** only these; all when left out */
  probes?: readonly Probe[];
  onPending?: Settings['onPending'];
  /** ends the look early */
  signal?: AbortSignal;
  stdin?: Settings['stdin'];
  /** a client that no option names: the one that the command runs in */
  client?: Target['client'];
};

/** What looks at the world, and so has no say in a replay. */
const LIVE_ONLY = [
  'connect-url',
  'connect-auth-file',
  'otlp-grpc',
  'otlp-http',
  'worker-host',
  'metrics-url',
  'prometheus-url',
  'jmx-url',
  'log-file',
  'log-command',
  'client-env',
  'client-pid',
  'client-error',
  'active',
  'kafka',
  'kafka-config',
  'kafka-metrics-url',
  'kafka-jmx-url',
  'host-command',
  'timeout',
  'window',
  'expect',
  'record',
] as const;

/** Several OTLP connectors and none named: look at each, refuse with a sentence that lists them, or leave it to the command. */
export type Several = 'each' | 'refuse' | 'ignore';

/** Facts gathered or replayed: those of the named or only connector, or of each when several run. Never empty. */
export async function factsOf(options: ReadOptions, world: World, several: Several): Promise<[Facts, ...Facts[]]> {
  const { values } = options;
  if (values.replay !== undefined) {
    const idle = LIVE_ONLY.find((name) => options.onCommandLine.includes(name));
    if (idle !== undefined) throw badInput(`--${idle} has no say in a --replay: its facts are those of the record`);
    return readRecords(values.replay).map(({ file, text }) => fromRecord(text, file)) as [Facts, ...Facts[]];
  }
  const settings = {
    ...settingsOf(options, world),
    ...(world.onPending && { onPending: world.onPending }),
    ...(world.signal && { signal: world.signal }),
  };
  const target = { ...(world.client && { client: world.client }), ...targetOf(values) };
  if (target.logFile === STDIN) refuseTerminal(world);
  const began = world.now();
  const facts = await gather(target, settings, world.probes);
  const candidates = candidatesOf(facts);
  if (candidates.length === 0 || several === 'ignore') return [facts];
  if (several === 'refuse') {
    const place = target.connectUrl?.host ?? 'this Connect';
    throw badInput(`${candidates.length} OTLP connectors run on ${place}: ${list(candidates)}. Name one with --connector.`);
  }
  if (target.logFile === STDIN)
    throw badInput(`standard input can be read only once, and ${list(candidates)} want the log: name one with --connector`);
  const timeoutMs = Math.max(1000, settings.timeoutMs - (world.now() - began));
  const each = candidates.map((connector) => gather({ ...target, connector }, { ...settings, timeoutMs }, world.probes));
  return (await Promise.all(each)) as [Facts, ...Facts[]];
}

/** Nobody types a log: on a terminal we would wait for an end that does not come. */
function refuseTerminal({ stdin }: World): void {
  if (stdin?.().isTTY === true)
    throw badInput('--log-file - reads the log from standard input, which is a terminal here: pipe a log into it, or name a file');
}

/** OTLP connectors to choose from, where several run and none was named. */
function candidatesOf(facts: Facts): readonly string[] {
  const target = isSeen(facts.target) ? facts.target.value : undefined;
  return target?.connector === null && target.candidates.length > 1 ? target.candidates : [];
}

import type { BrokerLook, Facts, KafkaBrokers } from '../facts/index.ts';
import { joinAddress } from '../address.ts';
import { seen } from '../facts/index.ts';
import type { Evidence } from '../report.ts';
import { shellWord } from './commands.ts';
import { quote } from './evidence.ts';

/** Kafka as we asked it ourselves, at the addresses that were given. */

/**
 * answers: so do all brokers where they advertise themselves · advertised: some of those do not · withheld: it answers and tells nothing ·
 * silent: connections are taken and nothing is answered · gone: nobody can be reached · foreign: something else answers
 */
export type OwnState = 'answers' | 'advertised' | 'withheld' | 'silent' | 'gone' | 'foreign';

export type OwnLook = {
  state: OwnState;
  /** the address that says most: one that answers, else the most telling failure */
  at: string;
  /** how it failed, in words; empty where it answers */
  how: string;
  brokers: KafkaBrokers;
  /** brokers that do not answer at the address that they advertise */
  unreached: KafkaBrokers['brokers'];
  evidence: Evidence[];
};

type FailedLook = Extract<BrokerLook, { failure: string }>;
const isFailedLook = (look: BrokerLook): look is FailedLook => 'failure' in look;

/** How far each address let us come: the farther, the more it tells. */
const stateOf = ({ failure, stage }: FailedLook): OwnState => {
  if (failure === 'timeout' && stage !== 'connect' && stage !== 'name') return 'silent';
  return failure === 'malformed' || failure === 'tls' || failure === 'denied' ? 'foreign' : 'gone';
};
const TELLING: readonly OwnState[] = ['silent', 'gone', 'foreign'];

/** The Kafka that was looked at is not the one that this Connect writes to. The bridge has no cluster of its own. */
export function clusterMismatch(facts: Facts): { ours: string; theirs: string } | undefined {
  const ours = seen(facts, 'kafka.brokers')?.cluster?.id ?? '';
  const theirs = seen(facts, 'rest.root')?.kafka_cluster_id ?? '';
  if (ours === '' || theirs === '' || ours === theirs || seen(facts, 'target')?.kind !== 'connector') return undefined;
  return { ours, theirs };
}

/** Nothing where Kafka was not asked, or where it is another cluster, which says nothing of this target. */
export function ownLook(facts: Facts): OwnLook | undefined {
  const brokers = seen(facts, 'kafka.brokers');
  if (brokers === undefined || brokers.bootstrap.length === 0 || clusterMismatch(facts) !== undefined) return undefined;
  const index = brokers.bootstrap.findIndex((look) => !isFailedLook(look));
  const unreached = brokers.brokers.filter(isFailedLook);
  const common = { brokers, unreached };
  if (index < 0) {
    const failed = brokers.bootstrap.filter(isFailedLook).sort((a, b) => TELLING.indexOf(stateOf(a)) - TELLING.indexOf(stateOf(b)));
    const [most] = failed as [FailedLook, ...FailedLook[]];
    const at = brokers.bootstrap.indexOf(most);
    return {
      ...common,
      state: stateOf(most),
      at: joinAddress(most.address),
      how: most.detail,
      evidence: [quote(facts, 'kafka.brokers', `bootstrap.${at}.detail`)],
    };
  }
  const at = joinAddress(brokers.bootstrap[index]!.address);
  if (brokers.cluster === null) {
    const { failure, detail } = brokers.refusal ?? { failure: 'malformed', detail: 'its brokers are not known' };
    return {
      ...common,
      state: failure === 'timeout' ? 'silent' : 'withheld',
      at,
      how: detail,
      evidence: [quote(facts, 'kafka.brokers', 'refusal.detail')],
    };
  }
  return {
    ...common,
    state: unreached.length === 0 ? 'answers' : 'advertised',
    at,
    how: '',
    evidence: [
      quote(facts, 'kafka.brokers', `bootstrap.${index}.ms`),
      ...unreached.map((look) => quote(facts, 'kafka.brokers', `brokers.${brokers.brokers.indexOf(look)}.detail`)),
    ],
  };
}

/** The broker's address, where a log line names it. */
function brokerInLog(facts: Facts): string | undefined {
  const line = (seen(facts, 'log')?.troubles ?? [])
    .map((trouble) => /Connection to node [^(]*\([^/)]*\/([^)]+)\)/.exec(trouble.message)?.[1])
    .find((address) => address !== undefined);
  return line !== undefined && /^[\w.:[\]-]+:\d+$/.test(line) ? line : undefined;
}

/** The broker that a bridge writes to, as it says. */
const brokerOfSink = (facts: Facts): string | undefined => /^kafka ([\w.:[\]-]+:\d+)/.exec(seen(facts, 'metrics')?.sink?.place ?? '')?.[1];

/** The address for commands: the one that was given and tells most, else the one that the log names, else Kafka's usual one. */
export const bootstrapServer = (facts: Facts): string =>
  ownLook(facts)?.at ?? seen(facts, 'target')?.kafka?.[0] ?? brokerOfSink(facts) ?? brokerInLog(facts) ?? 'localhost:9092';

/** A command of Kafka's own tools against this Kafka, with the file of its clients' settings where one was given. */
export function kafkaTool(facts: Facts, tool: string, ...words: string[]): string {
  const file = seen(facts, 'target')?.kafkaConfig;
  const config = file === undefined ? [] : ['--command-config', shellWord(file)];
  return [tool, '--bootstrap-server', bootstrapServer(facts), ...config, ...words].join(' ');
}

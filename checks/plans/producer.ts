import type { Facts } from '../facts/index.ts';
import { otlpctl } from '../derive/commands.ts';
import { connectorView } from '../derive/connector.ts';
import { producerSettings, unsaidOf, type ProducerSetting as InForce } from '../derive/producer-settings.ts';

/** What a setting of the task's producer is, and what the runbook wants. `value` null: only the worker's file can say. */
export type ProducerSetting = {
  name: string;
  wanted: string;
  value: string | null;
  /** as producerSettings() has it; default: what Kafka and Connect have where nobody says anything, which a worker's file that was not seen may change */
  from: InForce['from'] | 'default' | 'unknown';
  status: 'ok' | 'advice' | 'risk' | 'unknown';
  sentence: string;
};

export type ProducerPlan = {
  settings: ProducerSetting[];
  /** keys that follow the runbook and risk nothing; empty: all are so */
  keys: Record<string, string>;
  command: string | null;
  /** the runbook's acks=1, apart from the others because of what it risks */
  acks: { command: string; risk: string };
};

const PREFIX = 'producer.override.';

/** Source: runbook "Issue 3", `producer.*` in connect-distributed.properties. */
const WANTED: readonly { name: string; wanted: string; fits(value: string): boolean; why: string }[] = [
  {
    name: 'linger.ms',
    wanted: '10',
    fits: (value) => Number(value) >= 10,
    why: 'so long it waits for more records before it sends: fewer and larger requests, each that much later',
  },
  {
    name: 'batch.size',
    wanted: '32768',
    fits: (value) => Number(value) >= 32_768,
    why: 'bytes of one batch for a partition: larger ones compress better and cost fewer requests',
  },
  {
    name: 'compression.type',
    wanted: 'lz4',
    fits: (value) => value !== 'none',
    why: "JSON records shrink to a fraction, for little of the worker's CPU",
  },
];

const ACKS_RISK =
  'acks=1: the leader answers before any follower has the record. If it fails then, records are gone that were acknowledged, and nothing tells. The connector promises at most once already, so that is one more way to lose; with acks=all and min.insync.replicas=2 a broker may fail and nothing is lost.';

const ALL = ['all', '-1'];
const UNLESS = "unless the worker's file has another (producer.*), which was not seen";

/** What is in force, and whether that is known. */
function inForce(facts: Facts, name: string): Pick<ProducerSetting, 'value' | 'from'> & { isKnown: boolean } {
  const known = producerSettings(facts).settings.find(({ key }) => key === name);
  if (known !== undefined) return { value: known.value, from: known.from, isKnown: true };
  const value = unsaidOf(facts, name) ?? null;
  return { value, from: value === null ? 'unknown' : 'default', isKnown: false };
}

const SAID: Readonly<Record<ProducerSetting['from'], (name: string) => string>> = {
  connector: (name) => ` (${PREFIX}${name})`,
  worker: (name) => ` (producer.${name} of the worker's file)`,
  connect: () => ' (set by Connect)',
  kafka: () => ' (default of Kafka)',
  default: () => ` by default, ${UNLESS}`,
  unknown: () => '',
};

/** Undefined where the configuration of the connector is not known. */
export function planProducer(facts: Facts): ProducerPlan | undefined {
  const { config } = connectorView(facts);
  if (config === null) return undefined;
  const settings = WANTED.map(({ name, wanted, fits, why }): ProducerSetting => {
    const { value, from, isKnown } = inForce(facts, name);
    const fit = value !== null && fits(value);
    const now = `${value ?? 'not known'}${SAID[from](name)}`;
    const status = !isKnown ? 'unknown' : fit ? 'ok' : 'advice';
    return { name, wanted, value, from, status, sentence: `${now}. ${fit ? 'As the runbook has it' : `The runbook: ${wanted}`}: ${why}.` };
  });
  const keys = Object.fromEntries(settings.filter(({ status }) => status !== 'ok').map(({ name, wanted }) => [`${PREFIX}${name}`, wanted]));
  const words = Object.entries(keys).map(([key, value]) => `${key}=${value}`);
  return {
    settings: [...settings, acksOf(facts)],
    keys,
    command: words.length === 0 ? null : otlpctl(facts, `connector config set ${words.join(' ')}`),
    acks: { command: otlpctl(facts, `connector config set ${PREFIX}acks=1`), risk: ACKS_RISK },
  };
}

/** The runbook's acks=1 buys latency with records: here all is as it should be where it is not followed. */
function acksOf(facts: Facts): ProducerSetting {
  const { value, from, isKnown } = inForce(facts, 'acks');
  const isAll = value !== null && ALL.includes(value);
  const said = `${value ?? 'not known'}${SAID[from]('acks')}`;
  return {
    name: 'acks',
    wanted: 'all',
    value,
    from,
    status: !isKnown ? 'unknown' : isAll ? 'ok' : 'risk',
    sentence: isAll
      ? `${said}: a record counts when every replica in sync has it. The runbook's 1 is faster and loses records.`
      : `${said}: a leader that fails takes acknowledged records with it.`,
  };
}

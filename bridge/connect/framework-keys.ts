/**
 * The keys that Kafka Connect itself adds to every source connector, as `GET /connector-plugins/{plugin}/config` lists them.
 * The bridge needs `name`, `connector.class` and `tasks.max`, and goes by `topic.creation.default.*`; the others have no effect.
 * Columns: name, type, default (null: none), importance, group, width, display name; `since` for keys that 3.9 lacks. Source: Kafka Connect, KIP-891 for the versions.
 */
export type FrameworkKey = {
  name: string;
  type: string;
  default: string | null;
  importance: 'HIGH' | 'MEDIUM' | 'LOW';
  group: string;
  width: 'SHORT' | 'MEDIUM' | 'LONG';
  title: string;
  required?: true;
  since?: '4.1';
  /** least number; the words that are taken, in any case where they are in upper case */
  min?: number;
  values?: readonly string[];
};

type Row = readonly [
  name: string,
  type: string,
  fallback: string | null,
  importance: FrameworkKey['importance'],
  group: string,
  width: FrameworkKey['width'],
  title: string,
];
const key = (
  [name, type, fallback, importance, group, width, title]: Row,
  more: Pick<FrameworkKey, 'required' | 'since' | 'min' | 'values'> = {},
): FrameworkKey => ({
  name,
  type,
  default: fallback,
  importance,
  group,
  width,
  title,
  ...more,
});

export const FRAMEWORK_KEYS: readonly FrameworkKey[] = [
  key(['name', 'STRING', null, 'HIGH', 'Common', 'MEDIUM', 'Connector name'], { required: true }),
  key(['connector.class', 'STRING', null, 'HIGH', 'Common', 'LONG', 'Connector class'], { required: true }),
  key(['connector.plugin.version', 'STRING', '1.0.0', 'MEDIUM', 'Common', 'MEDIUM', 'Connector version'], { since: '4.1' }),
  key(['tasks.max', 'INT', '1', 'HIGH', 'Common', 'SHORT', 'Tasks max'], { min: 1 }),
  key(['tasks.max.enforce', 'BOOLEAN', 'true', 'LOW', 'Common', 'SHORT', 'Enforce tasks max']),
  key(['key.converter', 'CLASS', null, 'LOW', 'Common', 'SHORT', 'Key converter class']),
  key(['key.converter.plugin.version', 'STRING', null, 'LOW', 'Common', 'SHORT', 'Key converter version'], { since: '4.1' }),
  key(['value.converter', 'CLASS', null, 'LOW', 'Common', 'SHORT', 'Value converter class']),
  key(['value.converter.plugin.version', 'STRING', null, 'LOW', 'Common', 'SHORT', 'Value converter version'], { since: '4.1' }),
  key(['header.converter', 'CLASS', null, 'LOW', 'Common', 'SHORT', 'Header converter class']),
  key(['header.converter.plugin.version', 'STRING', null, 'LOW', 'Common', 'SHORT', 'Header converter version'], { since: '4.1' }),
  key(['transforms', 'LIST', '', 'LOW', 'Transforms', 'LONG', 'Transforms']),
  key(['predicates', 'LIST', '', 'LOW', 'Predicates', 'LONG', 'Predicates']),
  key(['config.action.reload', 'STRING', 'restart', 'LOW', 'Common', 'MEDIUM', 'Reload Action'], { values: ['none', 'restart'] }),
  key(['errors.retry.timeout', 'LONG', '0', 'MEDIUM', 'Error Handling', 'MEDIUM', 'Retry Timeout for Errors']),
  key(['errors.retry.delay.max.ms', 'LONG', '60000', 'MEDIUM', 'Error Handling', 'MEDIUM', 'Maximum Delay Between Retries for Errors']),
  key(['errors.tolerance', 'STRING', 'none', 'MEDIUM', 'Error Handling', 'SHORT', 'Error Tolerance'], { values: ['none', 'all'] }),
  key(['errors.log.enable', 'BOOLEAN', 'false', 'MEDIUM', 'Error Handling', 'SHORT', 'Log Errors']),
  key(['errors.log.include.messages', 'BOOLEAN', 'false', 'MEDIUM', 'Error Handling', 'SHORT', 'Log Error Details']),
  key(['topic.creation.groups', 'LIST', '', 'LOW', 'Topic Creation', 'LONG', 'Topic Creation Groups']),
  key(['exactly.once.support', 'STRING', 'requested', 'MEDIUM', 'Exactly Once Support', 'SHORT', 'Exactly once support'], {
    values: ['REQUIRED', 'REQUESTED'],
  }),
  key(['transaction.boundary', 'STRING', 'poll', 'MEDIUM', 'Exactly Once Support', 'SHORT', 'Transaction Boundary'], {
    values: ['INTERVAL', 'POLL', 'CONNECTOR'],
  }),
  key(['transaction.boundary.interval.ms', 'LONG', null, 'LOW', 'Exactly Once Support', 'SHORT', 'Transaction boundary interval']),
  key(['offsets.storage.topic', 'STRING', null, 'LOW', 'offsets.topic', 'LONG', 'Offsets topic']),
];

/** Keys of which everything below is Connect's too. */
export const FRAMEWORK_PREFIXES = [
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'transforms.',
  'predicates.',
  'errors.',
  'topic.creation.',
  'producer.override.',
  'consumer.override.',
  'admin.override.',
] as const;

export const FRAMEWORK_KEY: ReadonlyMap<string, FrameworkKey> = new Map(FRAMEWORK_KEYS.map((one) => [one.name, one]));

export const isFrameworkKey = (name: string): boolean =>
  FRAMEWORK_KEY.has(name) || FRAMEWORK_PREFIXES.some((prefix) => name.startsWith(prefix));

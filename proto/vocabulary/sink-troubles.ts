/**
 * What can be wrong between the bridge and where it writes, as `GET /metrics.json` names it (`sink.troubles[].reason`).
 * The bridge says it, checks read it.
 */
export const SINK_TROUBLES = {
  unreachable: 'no broker can be connected to',
  unresponsive: 'a broker takes connections and does not answer',
  'advertised-unreachable': 'a broker answers at the bootstrap address and advertises another one that cannot be reached',
  certificate: 'TLS with the broker fails',
  unauthenticated: 'the broker does not accept the credentials',
  unauthorized: 'the credentials do not suffice for the topic',
  'topic-missing': 'the topic does not exist and is not created',
  'topic-create-failed': 'the topic cannot be created as it should be',
  'not-writable': 'too few replicas of the topic are in sync, or a partition has no leader',
  'leader-moved': 'the leader of a partition has moved',
  throttled: 'a quota makes the bridge wait',
  slow: 'the broker takes records, and slowly',
  'record-too-large': 'a record is larger than may be stored',
  failed: 'it failed for another reason, which is quoted',
} as const;

export type SinkTrouble = keyof typeof SINK_TROUBLES;

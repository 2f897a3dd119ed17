/**
 * Lines of Connect and Kafka's clients that tell a fault, by key. Any of the texts makes a line one of that kind, in its message or in the trace
 * below it. Sources: Kafka 3.9 and 4.1 (connect/runtime, clients), each seen in a recording or named in the fault matrix.
 */
export type Mark = { key: string; any: readonly string[]; counts?: (message: string) => boolean };

export const MARKS: readonly Mark[] = [
  // WorkerCoordinator: the worker gave up its tasks because the group's coordinator is gone.
  { key: 'coordinator-unreachable', any: ['Broker coordinator was unreachable for'] },
  // … and how it went: `session timed out …` is a broker that hangs, `coordinator unavailable` one that is gone.
  { key: 'coordinator-lost', any: ['is unavailable or invalid due to cause'] },
  { key: 'broker-refuses', any: ['could not be established. Node may not be available', '] Bootstrap broker '] },
  { key: 'broker-silent', any: ['due to request timeout', 'due to socket connection setup timeout'] },
  { key: 'graceful-stop-failed', any: ['Graceful stop of task '] },
  { key: 'orphan-task', any: ['the orphan task threw an uncaught exception'] },
  // IncrementalCooperativeAssignor: tasks of a lost member wait scheduled.rebalance.max.delay.ms.
  { key: 'rebalance-delay', any: ['with rebalance delay: '], counts: (message) => /with rebalance delay: [1-9]/.test(message) },
  {
    key: 'commit-failed',
    any: [
      'Failed to commit offsets',
      'Failed to flush, timed out',
      'Failed to flush offsets',
      'Commit of offsets timed out',
      'Commit of offsets failed',
      'Unable to commit offsets',
    ],
  },
  { key: 'out-of-memory', any: ['java.lang.OutOfMemoryError'] },
  { key: 'too-many-files', any: ['Too many open files'] },
  { key: 'unknown-topic', any: ['UNKNOWN_TOPIC_OR_PARTITION', 'UnknownTopicOrPartitionException'] },
  { key: 'no-leader', any: ['LEADER_NOT_AVAILABLE', 'LeaderNotAvailableException'] },
  { key: 'not-enough-replicas', any: ['NOT_ENOUGH_REPLICAS', 'NotEnoughReplicasException', 'NotEnoughReplicasAfterAppendException'] },
  { key: 'record-too-large', any: ['RecordTooLargeException'] },
  { key: 'authorization-failed', any: ['AuthorizationException'] },
  { key: 'authentication-failed', any: ['SaslAuthenticationException', 'SslAuthenticationException', 'failed authentication due to'] },
  { key: 'worker-cannot-reach-kafka', any: ['Failed to connect to and describe Kafka cluster'] },
  { key: 'task-killed', any: ['Task is being killed and will not recover until manually restarted'] },
  // The connector throws its queue away at every stop.
  { key: 'drained', any: ['event=message_draining_completed'], counts: (message) => /drained_count=[1-9]/.test(message) },
];

/** Marks of one entry with the text that shows each: from its message or from the exceptions below it, begun late where the sign stands far behind. */
export function marksOf(message: string, trace: readonly string[]): { key: string; text: string }[] {
  const found: { key: string; text: string }[] = [];
  for (const { key, any, counts } of MARKS) {
    const text = textWith(any, message) ?? trace.map((line) => textWith(any, line)).find((line) => line !== undefined);
    if (text !== undefined && (counts?.(message) ?? true)) found.push({ key, text });
  }
  return found;
}

const FAR = 160;

function textWith(any: readonly string[], line: string): string | undefined {
  for (const sign of any) {
    const at = line.indexOf(sign);
    if (at >= 0) return at > FAR ? `… ${line.slice(at - 40)}` : line;
  }
  return undefined;
}

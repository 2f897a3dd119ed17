import { defineRule } from '../rule.ts';
import { otlpctl } from '../derive/commands.ts';
import { configValue } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { memoryOf } from '../derive/jmx.ts';
import { recentMark } from '../derive/log.ts';
import { remedy } from '../derive/remedy.ts';
import { collectorAlone, healthOf, workerFiles, workerLooks, workerPid } from '../derive/worker.ts';
import { bytes, capital, count } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { WORKER_ECHOES } from './echoes.ts';

const healthy = (facts: Facts): boolean => healthOf(facts) === 'healthy';

export const workerExhausted = defineRule({
  id: 'worker-exhausted',
  layer: 'worker',
  scope: 'target',
  status: 'critical',
  explains: [
    ...WORKER_ECHOES,
    'worker-frozen',
    'connect-unresponsive',
    'connect-not-connect',
    'connect-unreachable',
    'memory-pressure',
    'queue-overflow',
    'queue-near-capacity',
  ],
  heading: 'Estimating Memory',
  meaning:
    'The worker has used up its heap or its file descriptors. Without descriptors no new connection is accepted, and it looks frozen; without heap everything slows down and threads die.',
  when({ facts, thresholds }) {
    const memory = memoryOf(facts);
    const [heap, files] = [recentMark(facts, 'out-of-memory'), recentMark(facts, 'too-many-files')];
    const host = workerFiles(facts);
    const allOpen = host !== undefined && host.files * 100 >= host.filesMax * thresholds.filesCriticalPercent;
    if (files !== undefined || allOpen || (memory?.filesPercent ?? 0) >= thresholds.filesCriticalPercent) {
      const byJvm = memory?.files === undefined ? undefined : { files: memory.files, filesMax: memory.filesMax ?? 0 };
      const shown = allOpen ? host : byJvm;
      const seenAs =
        shown === undefined ? 'the log says "Too many open files"' : `${count(shown.files)} of ${count(shown.filesMax)} are open`;
      return {
        sentence: `The worker is out of file descriptors: ${seenAs}, and no new connection is accepted.`,
        evidence: evidenceOf(
          files !== undefined && quote(facts, 'log', 'marks.too-many-files.text'),
          memory !== undefined && quote(facts, 'jmx.jvm', 'samples'),
          allOpen && quote(facts, 'host.listeners', 'listeners', `pid ${host.pid}: ${host.files} of ${host.filesMax} descriptors`),
        ),
      };
    }
    const collector = collectorAlone(facts, thresholds.collectorCriticalPercent);
    if (heap === undefined && collector !== undefined)
      return {
        sentence: `The worker (pid ${collector.pid}) is out of heap: its garbage collector takes ${collector.percent} % of a processor, and nothing is answered.`,
        evidence: [...workerLooks(facts), quote(facts, 'host.listeners', 'listeners', `collector ${collector.percent} % of a processor`)],
      };
    if (heap === undefined) return undefined;
    const of = memory?.heapMax === undefined ? '' : `: ${bytes(memory.heapUsed ?? 0)} of ${bytes(memory.heapMax)} are used`;
    return {
      sentence: `${capital('the worker')} has run out of heap${of}, with queues of ${configValue(facts, 'otlp.message.queue.size') ?? 'unknown size'}.`,
      evidence: evidenceOf(quote(facts, 'log', 'marks.out-of-memory.text'), memory !== undefined && quote(facts, 'jmx.jvm', 'samples')),
    };
  },
  remedies: ({ facts }) => [
    remedy(
      `Raise the limit of open files of the worker, or find who holds so many connections${healthy(facts) ? '' : '; the worker has to be restarted for it'}.`,
      workerPid(facts) === undefined ? 'ss -tn state established' : `ls /proc/${workerPid(facts)}/fd | wc -l`,
    ),
    remedy(
      'For the heap: see what your queues need, then lower otlp.message.queue.size or raise -Xmx. A larger queue makes it worse.',
      'otlpctl capacity --peak 1000 --burst 10',
      'none',
      otlpctl(facts, 'metrics'),
    ),
  ],
});

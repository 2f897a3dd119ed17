import type { Facts } from '../facts/index.ts';
import { isSeen, seen } from '../facts/index.ts';
import { acknowledged } from './jmx.ts';
import { mark } from './log.ts';
import { stallOf } from './stall.ts';
import { healthOf, isWorkerDown, kafkaGone } from './worker.ts';

/** Signs of the worker that it is without Kafka: what turns a Kafka that we could not reach into a fault of the target. */

/** The worker gave up at its start, and said so as one of its last lines. */
export function gaveUpAtStart(facts: Facts): boolean {
  const said = mark(facts, 'worker-cannot-reach-kafka');
  const end = seen(facts, 'log')?.lastAt ?? null;
  return isWorkerDown(facts) && said !== undefined && (said.lastAt === null || end === null || end - said.lastAt <= 60_000);
}

/** Whether anything that would show such a sign was seen at all. */
export const workerWasSeen = (facts: Facts): boolean =>
  isSeen(facts['rest.health']) || isSeen(facts['rest.root']) || isSeen(facts.metrics) || isSeen(facts['jmx.task']);

/** Without any of them Kafka may be well, and only our way to it is not. */
export const workerMissesKafka = (facts: Facts): boolean =>
  (acknowledged(facts) ?? 0) === 0 &&
  (kafkaGone(facts) !== undefined ||
    stallOf(facts) !== undefined ||
    isWorkerDown(facts) ||
    ['unhealthy', 'no-answer', 'starting'].includes(healthOf(facts)));

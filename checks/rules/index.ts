import type { Rule } from '../rule.ts';
import { orAsTheBridgeSays } from './bridge-sink.ts';
import { clientRejected } from './client.ts';
import { CLIENT_SETTINGS_RULES } from './client-settings.ts';
import { CONFIGURATION_RULES } from './configuration.ts';
import { CONNECT_RULES } from './connect.ts';
import { CONNECTOR_EXISTENCE_RULES } from './connector-existence.ts';
import { CONNECTOR_RULES } from './connector.ts';
import { KAFKA_LOOK_RULES } from './kafka-look.ts';
import { KAFKA_SLOW_RULES } from './kafka-slow.ts';
import { KAFKA_TOPIC_RULES } from './kafka-topics.ts';
import { KAFKA_RULES } from './kafka.ts';
import { logErrors } from './log.ts';
import { OBSERVER_RULES } from './observer.ts';
import { portInUse } from './port-in-use.ts';
import { QUEUE_RULES } from './queue.ts';
import { RECEIVER_ANSWER_RULES } from './receiver-answers.ts';
import { RECEIVER_RULES } from './receiver.ts';
import { TASK_CAUSE_RULES } from './task-causes.ts';
import { TASK_RULES } from './task.ts';
import { TRAFFIC_RULES } from './traffic.ts';
import { unexplained } from './unexplained.ts';
import { WORKER_RULES } from './worker.ts';

/** Every cause that can be named, deepest layer first where it matters; diagnose() orders what was found. */
export const RULES: readonly Rule[] = (
  [
    ...OBSERVER_RULES,
    ...KAFKA_LOOK_RULES,
    ...CONNECT_RULES,
    ...KAFKA_RULES,
    ...KAFKA_SLOW_RULES,
    ...KAFKA_TOPIC_RULES,
    ...WORKER_RULES,
    ...CONNECTOR_EXISTENCE_RULES,
    ...CONNECTOR_RULES,
    ...CONFIGURATION_RULES,
    portInUse,
    ...TASK_CAUSE_RULES,
    ...TASK_RULES,
    ...RECEIVER_RULES,
    ...RECEIVER_ANSWER_RULES,
    ...QUEUE_RULES,
    ...TRAFFIC_RULES,
    logErrors,
    ...CLIENT_SETTINGS_RULES,
    clientRejected,
    unexplained,
  ] as const satisfies readonly Rule[]
).map(orAsTheBridgeSays);

import type { Check } from '../check.ts';
import { clientConfiguration } from './client-configuration.ts';
import { connectRest } from './connect-rest.ts';
import { connectorConfiguration } from './connector-configuration.ts';
import { connectorState } from './connector-state.ts';
import { delivery } from './delivery.ts';
import { dropRate } from './drop-rate.ts';
import { grpcEndpoint } from './grpc-endpoint.ts';
import { grpcReflection } from './grpc-reflection.ts';
import { httpEndpoint } from './http-endpoint.ts';
import { kafkaBrokers } from './kafka-brokers.ts';
import { markedRequests } from './marked-requests.ts';
import { logLines } from './log-lines.ts';
import { logSource } from './log-source.ts';
import { messageFormat } from './message-format.ts';
import { messageIntake } from './message-intake.ts';
import { metricsSource } from './metrics-source.ts';
import { pluginPresence } from './plugin-presence.ts';
import { portHolders } from './port-holders.ts';
import { produceLag } from './produce-lag.ts';
import { producerState } from './producer-state.ts';
import { queueUtilization } from './queue-utilization.ts';
import { receiverPorts } from './receiver-ports.ts';
import { signalIntake } from './signal-intake.ts';
import { sinkProgress } from './sink-progress.ts';
import { taskStates } from './task-states.ts';
import { taskTrace } from './task-trace.ts';
import { topicConfiguration } from './topic-configuration.ts';
import { workerHealth } from './worker-health.ts';
import { workerMemory } from './worker-memory.ts';

/** Every step that runs: the six of the decision tree first, then the looks behind each of them in the tree's order. */
export const STEPS: readonly Check[] = [
  connectorState,
  receiverPorts,
  messageIntake,
  queueUtilization,
  produceLag,
  logLines,
  connectRest,
  workerHealth,
  taskStates,
  taskTrace,
  connectorConfiguration,
  pluginPresence,
  grpcEndpoint,
  httpEndpoint,
  grpcReflection,
  portHolders,
  metricsSource,
  signalIntake,
  dropRate,
  sinkProgress,
  producerState,
  kafkaBrokers,
  topicConfiguration,
  delivery,
  messageFormat,
  clientConfiguration,
  markedRequests,
  workerMemory,
  logSource,
];

import type { Connector } from './connector.ts';
import { connectorState, taskState } from './views.ts';

/** What a balancer asks of a bridge: whether something sent now is taken and handed on. Every word but `ready` is a no. */
export type Readiness = 'starting' | 'ready' | 'not running' | 'stopping';

/** A paused connector still queues, but hands nothing on: what can go elsewhere should. */
export const allRun = (connectors: readonly Connector[]): boolean =>
  connectors.length > 0 && connectors.every((one) => connectorState(one) === 'RUNNING' && taskState(one) === 'RUNNING');

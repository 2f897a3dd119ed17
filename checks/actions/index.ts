import type { Action } from './action.ts';
import { configRollback } from './config-rollback.ts';
import { configEdit, configSet } from './config-set.ts';
import { deploy } from './deploy.ts';
import { drainRestart } from './drain-restart.ts';
import { debugWindow, loglevel } from './loggers.ts';
import { firewallAllow } from './firewall-allow.ts';
import { topicPartitions } from './topic-partitions.ts';
import { pause } from './pause.ts';
import { remove } from './delete.ts';
import { restart } from './restart.ts';
import { restartTask } from './restart-task.ts';
import { resume } from './resume.ts';
import { stop } from './stop.ts';
import { workerRestart } from './worker-restart.ts';

/** Every action, by the words of its command. */
export const ACTIONS = {
  'connector restart': restart,
  'connector restart-task': restartTask,
  'connector pause': pause,
  'connector resume': resume,
  'connector stop': stop,
  'connector delete': remove,
  'connector deploy': deploy,
  'connector config set': configSet,
  'connector config edit': configEdit,
  'connector config rollback': configRollback,
  'drain-restart': drainRestart,
  loglevel,
  'debug-window': debugWindow,
  'shutdown worker': workerRestart,
  'firewall allow': firewallAllow,
  'topic partitions': topicPartitions,
} as const;

export type ActionId = keyof typeof ACTIONS;
export type InputOf<Id extends ActionId> = (typeof ACTIONS)[Id] extends Action<infer Input> ? Input : never;

import type { Action } from './action.ts';
import { pause } from './pause.ts';
import { remove } from './delete.ts';
import { restart } from './restart.ts';
import { restartTask } from './restart-task.ts';
import { resume } from './resume.ts';
import { stop } from './stop.ts';

/** Every action, by the words of its command. */
export const ACTIONS = {
  'connector restart': restart,
  'connector restart-task': restartTask,
  'connector pause': pause,
  'connector resume': resume,
  'connector stop': stop,
  'connector delete': remove,
} as const;

export type ActionId = keyof typeof ACTIONS;
export type InputOf<Id extends ActionId> = (typeof ACTIONS)[Id] extends Action<infer Input> ? Input : never;

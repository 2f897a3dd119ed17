import { C, step } from '../step.ts';
import type { Step } from '../step.ts';

/** A worker without connectors, and everything that can be asked of one that is not there. */
export const ABSENT: readonly Step[] = [
  step('root', 'GET /'),
  step('health', 'GET /health'),
  step('list-none', 'GET /connectors'),
  step('list-none-expanded', 'GET /connectors?expand=status'),
  step('absent', `GET ${C}`),
  step('absent-status', `GET ${C}/status`),
  step('absent-config', `GET ${C}/config`),
  step('absent-tasks', `GET ${C}/tasks`),
  step('absent-tasks-config', `GET ${C}/tasks-config`),
  step('absent-task-status', `GET ${C}/tasks/0/status`),
  step('absent-topics', `GET ${C}/topics`),
  step('absent-topics-reset', `PUT ${C}/topics/reset`),
  step('absent-offsets', `GET ${C}/offsets`),
  step('absent-offsets-patch', `PATCH ${C}/offsets`, { body: { offsets: [{ partition: { a: 'b' }, offset: { c: 1 } }] } }),
  step('absent-offsets-delete', `DELETE ${C}/offsets`),
  step('absent-pause', `PUT ${C}/pause`),
  step('absent-resume', `PUT ${C}/resume`),
  step('absent-stop', `PUT ${C}/stop`),
  step('absent-restart', `POST ${C}/restart`),
  step('absent-restart-tasks', `POST ${C}/restart?includeTasks=true`),
  step('absent-task-restart', `POST ${C}/tasks/0/restart`),
  step('absent-config-patch', `PATCH ${C}/config`, { body: { 'tasks.max': '1' } }),
  step('absent-delete', `DELETE ${C}`),
  step('name-of-slash', 'GET /connectors/a%2Fb/status'),
  step('strange-name', 'GET /connectors/a%20b%22%3F/status'),
];

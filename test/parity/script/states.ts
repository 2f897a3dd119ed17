import { C, status, step } from '../step.ts';
import type { Step } from '../step.ts';

/** Paused, stopped and running again, and what is asked of it meanwhile. */
export const STATES: readonly Step[] = [
  step('pause', `PUT ${C}/pause`),
  status('status-paused', 'PAUSED', 'PAUSED'),
  step('pause-again', `PUT ${C}/pause`),
  step('paused-task-status', `GET ${C}/tasks/0/status`),
  step('paused-restart', `POST ${C}/restart`),
  status('status-paused-restart', 'PAUSED', 'PAUSED'),
  step('paused-task-restart', `POST ${C}/tasks/0/restart`),
  status('status-paused-task-restart', 'PAUSED', 'PAUSED'),
  step('paused-restart-tasks', `POST ${C}/restart?includeTasks=true`),
  status('status-paused-restart-tasks', 'PAUSED', 'PAUSED'),
  step('paused-offsets-delete', `DELETE ${C}/offsets`),
  step('stop', `PUT ${C}/stop`),
  status('status-stopped', 'STOPPED'),
  step('stop-again', `PUT ${C}/stop`),
  step('stopped-tasks', `GET ${C}/tasks`),
  step('stopped-info', `GET ${C}`),
  step('stopped-task-status', `GET ${C}/tasks/0/status`),
  step('stopped-restart', `POST ${C}/restart`),
  step('stopped-restart-tasks', `POST ${C}/restart?includeTasks=true`),
  step('stopped-task-restart', `POST ${C}/tasks/0/restart`, { once: true }),
  status('status-still-stopped', 'STOPPED'),
  step('stopped-patch', `PATCH ${C}/config`, { body: { 'otlp.message.queue.size': '3000' } }),
  status('status-stopped-patched', 'STOPPED'),
  step('stopped-pause', `PUT ${C}/pause`),
  step('status-stopped-paused', `GET ${C}/status`, { until: /"connector":\{"state":"PAUSED"/ }),
  step('stop-paused', `PUT ${C}/stop`),
  status('status-stopped-again', 'STOPPED'),
];

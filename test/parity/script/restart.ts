import { C, CONFIG, states, status, step } from '../step.ts';
import type { Step } from '../step.ts';

const again = (id: string, query: string): readonly Step[] => [
  step(`restart-${id}`, `POST ${C}/restart${query}`),
  status(`status-restart-${id}`, 'RUNNING', 'RUNNING'),
];

/** A restart in each of its forms, of what runs and of what failed: the third connector wants the ports of the first, the fourth wants none. */
export const RESTART: readonly Step[] = [
  ...again('plain', ''),
  ...again('tasks', '?includeTasks=true'),
  ...again('tasks-all', '?includeTasks=true&onlyFailed=false'),
  ...again('failed-only', '?onlyFailed=true'),
  ...again('failed-tasks', '?includeTasks=TRUE&onlyFailed=true'),
  ...again('nonsense', '?includeTasks=maybe&onlyFailed=1'),
  step('task-restart', `POST ${C}/tasks/0/restart`),
  status('status-task-restart', 'RUNNING', 'RUNNING'),
  step('task-restart-7', `POST ${C}/tasks/7/restart`),
  step('task-restart-x', `POST ${C}/tasks/x/restart`),
  step('task-restart-negative', `POST ${C}/tasks/-1/restart`),
  step('task-restart-with-body', `POST ${C}/tasks/0/restart`, { body: {} }),
  status('status-task-restart-with-body', 'RUNNING', 'RUNNING'),
  step('create-third', 'PUT /connectors/third/config', { body: CONFIG }),
  step('third-failed', 'GET /connectors/third/status', { until: states('RUNNING', 'FAILED') }),
  step('third-restart-plain', 'POST /connectors/third/restart'),
  step('third-still-failed', 'GET /connectors/third/status', { until: states('RUNNING', 'FAILED') }),
  step('third-restart-failed-only', 'POST /connectors/third/restart?onlyFailed=true'),
  step('third-restart-failed-tasks', 'POST /connectors/third/restart?includeTasks=true&onlyFailed=true'),
  step('third-failed-again', 'GET /connectors/third/status', { until: states('RUNNING', 'FAILED') }),
  step('third-pause', 'PUT /connectors/third/pause'),
  step('third-paused', 'GET /connectors/third/status', { until: states('PAUSED', 'FAILED') }),
  // Last, because it is another one afterwards.
  step('third-other-name', 'PATCH /connectors/third/config', { body: { name: 'other' } }),
  step('third-delete', 'DELETE /connectors/third'),
  step('both-off-create', 'POST /connectors', {
    body: { name: 'fourth', config: { ...CONFIG, 'otlp.grpc.enabled': 'false', 'otlp.http.enabled': 'false' } },
  }),
  step('both-off-failed', 'GET /connectors/fourth/status', { until: states('FAILED') }),
  step('both-off-restart', 'POST /connectors/fourth/restart'),
  step('both-off-restart-failed', 'POST /connectors/fourth/restart?includeTasks=true&onlyFailed=true'),
  step('both-off-still-failed', 'GET /connectors/fourth/status', { until: states('FAILED') }),
  step('both-off-tasks', 'GET /connectors/fourth/tasks'),
  step('both-off-delete', 'DELETE /connectors/fourth'),
  step('third-gone', 'GET /connectors/third/status', { until: /No status/ }),
];

import { C, step } from '../step.ts';
import type { Step } from '../step.ts';

/** Two connectors, looked at in every way. */
export const LOOK: readonly Step[] = [
  step('list', 'GET /connectors'),
  step('list-status', 'GET /connectors?expand=status'),
  step('list-info', 'GET /connectors?expand=info'),
  step('list-both', 'GET /connectors?expand=status&expand=info'),
  step('list-nonsense', 'GET /connectors?expand=nonsense'),
  step('list-upper-case', 'GET /connectors?expand=STATUS'),
  step('list-empty-expand', 'GET /connectors?expand='),
  step('list-slash', 'GET /connectors/'),
  step('get', `GET ${C}`),
  step('get-config', `GET ${C}/config`),
  step('get-tasks', `GET ${C}/tasks`, { until: /^\[\{/ }),
  step('get-tasks-config', `GET ${C}/tasks-config`),
  step('get-task-status', `GET ${C}/tasks/0/status`),
  step('get-task-7', `GET ${C}/tasks/7/status`),
  step('get-task-x', `GET ${C}/tasks/x/status`),
  step('get-task', `GET ${C}/tasks/0`),
  step('get-topics-none', `GET ${C}/topics`),
  step('get-offsets-none', `GET ${C}/offsets`),
  step('get-topics', `GET ${C}/topics`, { send: ['traces', 'logs', 'traces'], until: /otlp-logs.*otlp-traces|otlp-traces.*otlp-logs/ }),
  step('get-offsets', `GET ${C}/offsets`, { until: /"sequence":2.*"sequence":1|"sequence":1.*"sequence":2/ }),
  step('reset-topics', `PUT ${C}/topics/reset`),
  step('get-topics-reset', `GET ${C}/topics`, { until: /\[\]/ }),
  step('offsets-patch-running', `PATCH ${C}/offsets`, { body: { offsets: [{ partition: { a: 'b' }, offset: { c: 1 } }] } }),
  step('offsets-delete-running', `DELETE ${C}/offsets`),
];

import { C, step } from '../step.ts';
import type { Step } from '../step.ts';

export const REMOVE: readonly Step[] = [
  step('delete', `DELETE ${C}`),
  step('delete-again', `DELETE ${C}`),
  step('deleted-status', `GET ${C}/status`, { until: /No status/ }),
  step('list-second', 'GET /connectors'),
  step('delete-second', 'DELETE /connectors/second%20one'),
  step('list-empty-again', 'GET /connectors', { until: /^\[\]/ }),
];

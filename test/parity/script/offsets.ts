import { C, NAME, status, step } from '../step.ts';
import type { Json, Step } from '../step.ts';

const partition = (signal: string) => ({ connector_name: NAME, signal_type: signal });
const offset = (signal: string, sequence: number) => ({
  sequence,
  session_id: '623bbd46-6133-4218-9075-394c599e87be',
  signal_type: signal,
});
const patch = (id: string, body: Json, more: Omit<Step, 'id' | 'request' | 'body'> = {}): Step =>
  step(id, `PATCH ${C}/offsets`, { body, ...more });

/** The offsets of a connector that is stopped; then it runs again, and goes on counting where they are. */
export const OFFSETS: readonly Step[] = [
  step('offsets-stopped', `GET ${C}/offsets`),
  patch('offsets-patch', { offsets: [{ partition: partition('TRACES'), offset: offset('TRACES', 100) }] }),
  step('offsets-patched', `GET ${C}/offsets`, { until: /"sequence":100/ }),
  patch('offsets-patch-away', { offsets: [{ partition: partition('LOGS'), offset: null }] }),
  step('offsets-patched-away', `GET ${C}/offsets`, { until: /^(?!.*LOGS)/ }),
  patch('offsets-patch-empty', { offsets: [] }),
  patch('offsets-patch-none', {}),
  patch('offsets-patch-null', { offsets: null }),
  patch('offsets-patch-no-partition', { offsets: [{ offset: offset('TRACES', 1) }] }),
  patch('offsets-patch-text', { offsets: 'x' }),
  patch('offsets-patch-strange-field', { offsets: [], more: 1 }),
  patch('offsets-patch-list', []),
  patch('offsets-patch-bad-json', '{'),
  patch('offsets-patch-as-text', { offsets: [] }, { type: 'text/plain' }),
  step('offsets-patch-no-body', `PATCH ${C}/offsets`),
  step('offsets-resume', `PUT ${C}/resume`),
  status('status-offsets-resume', 'RUNNING', 'RUNNING'),
  step('offsets-counted-on', `GET ${C}/offsets`, { send: ['traces'], until: /"sequence":101/ }),
  step('offsets-stop', `PUT ${C}/stop`),
  status('status-offsets-stop', 'STOPPED'),
  step('offsets-delete', `DELETE ${C}/offsets`),
  step('offsets-deleted', `GET ${C}/offsets`, { until: /\[\]/ }),
  step('offsets-delete-again', `DELETE ${C}/offsets`),
  step('offsets-resume-again', `PUT ${C}/resume`),
  status('status-offsets-resume-again', 'RUNNING', 'RUNNING'),
];

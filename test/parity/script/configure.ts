import { C, CONFIG, status, step } from '../step.ts';
import type { Json, Step } from '../step.ts';

const put = (id: string, body: Json, more: Omit<Step, 'id' | 'request' | 'body'> = {}): Step =>
  step(id, `PUT ${C}/config`, { body, ...more });
const patch = (id: string, body: Json, more: Omit<Step, 'id' | 'request' | 'body'> = {}): Step =>
  step(id, `PATCH ${C}/config`, { body, ...more });

export const CONFIGURE: readonly Step[] = [
  put('put-invalid', { ...CONFIG, 'otlp.message.queue.size': '5' }),
  put('put-other-name', { ...CONFIG, name: 'other' }),
  put('put-no-class', { 'tasks.max': '1' }),
  put('put-no-such-class', { ...CONFIG, 'connector.class': 'no.such.Class' }),
  step('put-new-no-such-class', 'PUT /connectors/fourth/config', { body: { ...CONFIG, 'connector.class': 'no.such.Class' } }),
  put('put-empty', {}),
  put('put-list', []),
  put('put-null', 'null'),
  put('put-nested', { ...CONFIG, a: [1] }),
  put('put-bad-json', '{'),
  put('put-text', { ...CONFIG }, { type: 'text/plain' }),
  step('put-no-body', `PUT ${C}/config`),
  put('put-same', { ...CONFIG, 'otlp.message.format': 'protobuf' }),
  put('put', { ...CONFIG, 'otlp.message.queue.size': 500, 'otlp.tls.enabled': false, 'my.own.key': 'kept' }),
  step('config-put', `GET ${C}/config`, { until: /my\.own\.key/ }),
  status('status-put', 'RUNNING', 'RUNNING'),
  patch('patch', { 'otlp.message.queue.size': '2000', 'my.own.key': null }),
  step('config-patched', `GET ${C}/config`, { until: /2000/ }),
  status('status-patched', 'RUNNING', 'RUNNING'),
  step('tasks-patched', `GET ${C}/tasks`, { until: /2000/ }),
  patch('patch-invalid', { 'otlp.message.queue.size': '5' }),
  patch('patch-class-away', { 'connector.class': null }),
  patch('patch-no-such-class', { 'connector.class': 'no.such.Class' }),
  patch('patch-empty', {}),
  patch('patch-list', []),
  patch('patch-null', 'null'),
  patch('patch-bad-json', '{"a"'),
  patch('patch-text', {}, { type: 'text/plain' }),
  patch('patch-merge', { 'otlp.message.queue.size': '2000' }, { type: 'application/merge-patch+json' }),
  step('config-unharmed', `GET ${C}/config`),
  status('status-configured', 'RUNNING', 'RUNNING'),
];

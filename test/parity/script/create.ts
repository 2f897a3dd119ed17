import { CONFIG, NAME, SECOND_CONFIG, states, status, step } from '../step.ts';
import type { Json, Step } from '../step.ts';

const post = (id: string, body: Json, more: Omit<Step, 'id' | 'request' | 'body'> = {}): Step =>
  step(id, 'POST /connectors', { body, ...more });

const REFUSED: readonly Step[] = [
  post('create-wrong-port', { name: NAME, config: { ...CONFIG, 'otlp.grpc.port': 'abc' } }),
  post('create-two-wrong', { name: NAME, config: { ...CONFIG, 'otlp.message.queue.size': '5', 'otlp.message.format': 'xml' } }),
  post('create-no-such-class', { name: NAME, config: { ...CONFIG, 'connector.class': 'no.such.Class' } }),
  post('create-no-class', { name: NAME, config: { 'tasks.max': '1' } }),
  post('create-no-name', { config: CONFIG }),
  post('create-empty-name', { name: '', config: CONFIG }),
  post('create-blank-name', { name: '  ', config: CONFIG }),
  post('create-name-of-control', { name: 'a\nb', config: CONFIG }),
  post('create-name-number', { name: 7 }),
  post('create-name-of-config', { config: { ...CONFIG, name: 'other' }, name: NAME }),
  post('create-no-config', { name: NAME }),
  post('create-empty-config', { name: NAME, config: {} }),
  post('create-config-list', { name: NAME, config: [] }),
  post('create-config-nested', { name: NAME, config: { ...CONFIG, a: {} } }),
  post('create-strange-field', { name: NAME, config: CONFIG, surprise: 1 }),
  post('create-tasks-zero', { name: NAME, config: { ...CONFIG, 'tasks.max': '0' } }),
  post('create-bad-state', { name: NAME, config: CONFIG, initial_state: 'ASLEEP' }),
  post('create-state-number', { name: NAME, config: CONFIG, initial_state: 1 }),
  post('create-bad-json', '{"name":'),
  post('create-two-values', '{} {}'),
  post('create-list', '[]'),
  post('create-null', 'null'),
  post('create-text-value', '"x"'),
  step('create-no-body', 'POST /connectors'),
  step('create-empty-body', 'POST /connectors', { body: '' }),
  post('create-as-text', { name: NAME, config: CONFIG }, { type: 'text/plain' }),
  post('create-without-type', { name: NAME, config: CONFIG }, { type: null }),
  post('create-strange-type', { name: NAME, config: CONFIG }, { type: 'nonsense' }),
];

const SECOND = '/connectors/second%20one';

/** What is no connector, then two: one that begins paused, one that begins stopped. */
export const CREATE: readonly Step[] = [
  ...REFUSED,
  step('list-still-none', 'GET /connectors'),
  post('create', { name: NAME, config: { ...CONFIG, 'otlp.message.format': 'protobuf' }, initial_state: 'paused' }),
  status('status-created-paused', 'PAUSED'),
  step('tasks-created-paused', `GET /connectors/${NAME}/tasks`),
  step('resume-created-paused', `PUT /connectors/${NAME}/resume`),
  status('status-running', 'RUNNING', 'RUNNING'),
  post('create-again', { name: NAME, config: CONFIG }),
  post('create-again-invalid', { name: NAME, config: { ...CONFIG, 'otlp.message.queue.size': '5' } }),
  post(
    'create-second',
    { name: 'second one', config: { ...SECOND_CONFIG, 'tasks.max': 3 }, initial_state: 'STOPPED' },
    { type: 'application/json; charset=utf-8' },
  ),
  step('second-status-stopped', `GET ${SECOND}/status`, { until: states('STOPPED') }),
  step('second-tasks-stopped', `GET ${SECOND}/tasks`),
  step('second-resume', `PUT ${SECOND}/resume`),
  step('second-status', `GET ${SECOND}/status`, { until: states('RUNNING', 'RUNNING') }),
];

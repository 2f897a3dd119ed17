import { CONFIG, step } from '../step.ts';
import type { Step } from '../step.ts';

const SIMPLE = '/connector-plugins/OpenTelemetrySourceConnector';
const WHOLE = `/connector-plugins/${CONFIG['connector.class']}`;
const validate = (id: string, plugin: string, more: Omit<Step, 'id' | 'request'>): Step => step(id, `PUT ${plugin}/config/validate`, more);

/** What is installed, what it takes, and what of a configuration is wrong. */
export const PLUGINS: readonly Step[] = [
  step('plugins', 'GET /connector-plugins'),
  step('plugins-all', 'GET /connector-plugins?connectorsOnly=false'),
  step('plugin-config', `GET ${SIMPLE}/config`),
  step('plugin-config-whole-name', `GET ${WHOLE}/config`),
  step('plugin-config-short-name', 'GET /connector-plugins/OpenTelemetrySource/config'),
  step('plugin-config-none', 'GET /connector-plugins/NoSuchConnector/config'),
  validate('validate-nothing-given', SIMPLE, { body: { 'connector.class': 'OpenTelemetrySourceConnector' } }),
  validate('validate-good', WHOLE, { body: { ...CONFIG, name: 'otlp-source' } }),
  validate('validate-three-wrong', SIMPLE, {
    body: {
      ...CONFIG,
      name: 'otlp-source',
      'otlp.message.format': 'xml',
      'otlp.grpc.port': '99999',
      'otlp.message.queue.size': '5',
    },
  }),
  validate('validate-other-types', SIMPLE, {
    body: {
      ...CONFIG,
      name: 'otlp-source',
      'otlp.grpc.port': 'abc',
      'otlp.http.enabled': 'maybe',
      'tasks.max': '0',
      'otlp.tls.cert.path': '/no/such',
    },
  }),
  validate('validate-numbers', SIMPLE, { body: { ...CONFIG, name: 'otlp-source', 'tasks.max': 1, 'otlp.tls.enabled': false } }),
  validate('validate-framework-keys', SIMPLE, {
    body: { ...CONFIG, name: 'otlp-source', 'errors.tolerance': 'some', 'errors.retry.timeout': 'long', 'tasks.max.enforce': 'maybe' },
  }),
  validate('validate-framework-words', SIMPLE, {
    body: {
      ...CONFIG,
      name: 'otlp-source',
      'config.action.reload': 'x',
      'exactly.once.support': 'x',
      'transaction.boundary': 'x',
      'errors.log.enable': 'x',
    },
  }),
  validate('validate-unknown-key', SIMPLE, { body: { ...CONFIG, name: 'otlp-source', 'no.such.key': 'x' } }),
  validate('validate-no-class', SIMPLE, { body: { name: 'otlp-source' } }),
  validate('validate-other-class', SIMPLE, { body: { 'connector.class': 'Other' } }),
  validate('validate-no-such-class', '/connector-plugins/Other', { body: { 'connector.class': 'Other' } }),
  validate('validate-empty', SIMPLE, { body: {} }),
  validate('validate-list', SIMPLE, { body: [] }),
  validate('validate-bad-json', SIMPLE, { body: '{"a":' }),
  validate('validate-text', SIMPLE, { body: '{}', type: 'text/plain' }),
  validate('validate-no-body', SIMPLE, {}),
];

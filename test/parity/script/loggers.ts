import { step } from '../step.ts';
import type { Json, Step } from '../step.ts';

const PACKAGE = '/admin/loggers/io.conduktor.connect.otel';
const put = (id: string, path: string, body: Json, more: Omit<Step, 'id' | 'request' | 'body'> = {}): Step =>
  step(id, `PUT ${path}`, { body, ...more });

export const LOGGERS: readonly Step[] = [
  step('loggers', 'GET /admin/loggers'),
  step('logger-root', 'GET /admin/loggers/root'),
  step('logger', `GET ${PACKAGE}`),
  step('logger-none', 'GET /admin/loggers/no.such.logger'),
  put('logger-set', PACKAGE, { level: 'DEBUG' }),
  step('logger-was-set', `GET ${PACKAGE}`),
  put('logger-set-lower-case', PACKAGE, { level: 'warn' }),
  put('logger-set-worker', `${PACKAGE}?scope=worker`, { level: 'INFO' }),
  put('logger-set-upper-worker', `${PACKAGE}?scope=WORKER`, { level: 'INFO' }),
  put('logger-set-cluster', `${PACKAGE}?scope=cluster`, { level: 'INFO' }),
  put('logger-set-scope-nonsense', `${PACKAGE}?scope=galaxy`, { level: 'INFO' }),
  put('logger-set-loud', PACKAGE, { level: 'LOUD' }),
  put('logger-set-loud-cluster', `${PACKAGE}?scope=cluster`, { level: 'LOUD' }),
  put('logger-set-no-level', PACKAGE, {}),
  put('logger-set-no-level-cluster', `${PACKAGE}?scope=cluster`, {}),
  put('logger-set-null', PACKAGE, { level: null }),
  put('logger-set-number', PACKAGE, { level: 3 }),
  put('logger-set-nested', PACKAGE, { level: {} }),
  put('logger-set-list', PACKAGE, []),
  put('logger-set-bad-json', PACKAGE, '{'),
  put('logger-set-text', PACKAGE, '{}', { type: 'text/plain' }),
  step('logger-set-no-body', `PUT ${PACKAGE}`),
  put('logger-set-new', '/admin/loggers/my.own.logger', { level: 'ERROR' }),
  step('logger-new', 'GET /admin/loggers/my.own.logger'),
  put('logger-new-back', '/admin/loggers/my.own.logger', { level: 'INFO' }),
];

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { otlpctl } from '../../../checks/derive/commands.ts';
import { healthy, withValue } from '../../facts.ts';

const NAME = 'otlp "eu" *?';
const facts = withValue(withValue(healthy(), 'target', { connector: NAME, connectUrl: 'http://127.0.0.1:15083' }), 'run', {
  given: ['connect-url', 'connector', 'otlp-grpc', 'metrics-url'],
});

test('a command names the target as it was given, quoted for a shell', () => {
  assert.equal(
    otlpctl(facts, 'doctor', '--window', '8'),
    `otlpctl doctor --connect-url http://127.0.0.1:15083 --connector '${NAME}' --otlp-grpc 127.0.0.1:4317 --metrics-url http://127.0.0.1:8778/jolokia/ --window 8`,
  );
});

test('what a remedy names stands in for what was given: an option is taken once', () => {
  const command = otlpctl(
    facts,
    'doctor',
    '--connector',
    'otlp b',
    '--metrics-url',
    'http://w:8778/jolokia/',
    '--connect-auth-file',
    '~/.auth',
  );
  assert.equal(
    command,
    "otlpctl doctor --connect-url http://127.0.0.1:15083 --otlp-grpc 127.0.0.1:4317 --connector 'otlp b' --metrics-url http://w:8778/jolokia/ --connect-auth-file ~/.auth",
  );
});

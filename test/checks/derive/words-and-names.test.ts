import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { connectorUrl, otlpctl, patchConfig, shellWord } from '../../../checks/derive/commands.ts';
import { nearNames } from '../../../checks/derive/names.ts';
import { isLocal, sameHost, splitAddress } from '../../../checks/address.ts';
import { causeInOneLine, causes, deepestCause } from '../../../checks/derive/trace.ts';
import { bytes, capital, count, list, percent, rate, span } from '../../../checks/derive/words.ts';
import { healthy, withValue } from '../../facts.ts';

test('numbers are said with units and without a locale', () => {
  assert.deepEqual([count(10412), count(999), count(1_000_000), count(0)], ['10,412', '999', '1,000,000', '0']);
  assert.deepEqual([span(3), span(5012), span(90_000), span(7_200_000)], ['3 ms', '5.0 s', '1.5 min', '2.0 h']);
  assert.deepEqual([rate(0.44), rate(19.4), rate(2500)], ['0.4', '19', '2,500']);
  assert.deepEqual([percent(0), percent(0.02), percent(0.83), percent(65.2)], ['0 %', '0.1 %', '0.8 %', '65 %']);
  assert.deepEqual([bytes(0), bytes(25_059), bytes(1_073_741_824)], ['0 B', '25 kB', '1.1 GB']);
  assert.deepEqual([list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])], ['a', 'a and b', 'a, b and c']);
  assert.deepEqual([capital('the worker'), capital('gRPC 4317')], ['The worker', 'gRPC 4317']);
});

test('near names', () => {
  assert.deepEqual(nearNames('otlp-src', ['orders', 'otlp-source', 'otlp-b']), ['otlp-source', 'otlp-b']);
  assert.deepEqual(nearNames('otlp-soruce', ['otlp-source', 'jdbc-sink']), ['otlp-source']);
  assert.deepEqual(nearNames('otlp-source', ['otlp-source', 'jdbc-sink']), []);
});

test('one host, however it is written; two loopback addresses are two', () => {
  assert.ok(sameHost('localhost', '127.0.0.1') && sameHost('[::1]', 'localhost') && sameHost('::ffff:10.0.0.1', '10.0.0.1'));
  assert.ok(!sameHost('127.0.0.1', '127.0.0.2'));
  assert.ok(isLocal('127.0.0.2', []) && isLocal('10.0.0.5', ['10.0.0.5']) && !isLocal('10.0.0.6', ['10.0.0.5']));
  assert.deepEqual(splitAddress('[fe80::1]:8083'), { host: 'fe80::1', port: 8083 });
  assert.equal(splitAddress('connect-1'), undefined);
});

test('the deepest cause, in one line', () => {
  const trace =
    'java.lang.RuntimeException: Failed to start OTLP receiver\n\tat a.b(C.java:1)\nCaused by: java.io.IOException: Failed to bind to address /127.0.0.1:4317\n\tat d\nCaused by: io.grpc.netty.Errors$NativeIoException: bind(..) failed: Address already in use\n';
  assert.equal(deepestCause(trace), 'NativeIoException: bind(..) failed: Address already in use');
  assert.equal(causeInOneLine(trace), 'Failed to start OTLP receiver: NativeIoException: bind(..) failed: Address already in use');
  assert.equal(causes(trace).length, 3);
  assert.equal(deepestCause(''), '');
});

test('commands carry this target, quoted for a shell', () => {
  const facts = withValue(healthy(), 'target', { connector: `otlp "eu" *?`, connectUrl: 'http://10.0.0.5:8083/' });
  assert.equal(connectorUrl(facts, '/status'), 'http://10.0.0.5:8083/connectors/otlp%20%22eu%22%20*%3F/status');
  assert.equal(otlpctl(facts, 'doctor'), `otlpctl doctor --connect-url http://10.0.0.5:8083 --connector 'otlp "eu" *?'`);
  assert.equal(otlpctl(healthy(), 'metrics'), 'otlpctl metrics --connector otlp-source');
  assert.equal(
    patchConfig(healthy(), { 'otlp.grpc.port': '14317' }),
    `curl -s -X PATCH -H 'Content-Type: application/json' http://localhost:8083/connectors/otlp-source/config -d '{"otlp.grpc.port":"14317"}'`,
  );
});

test('a quoted word comes back from a shell as it was', () => {
  const words = fc.array(
    fc.string({ minLength: 1 }).filter((word) => !word.includes('\0')),
    { minLength: 20, maxLength: 20 },
  );
  fc.assert(
    fc.property(words, (all) => {
      const said = execFileSync('sh', ['-c', `printf '%s\\0' ${all.map(shellWord).join(' ')}`], { encoding: 'utf8' });
      assert.deepEqual(said.split('\0').slice(0, -1), all);
    }),
    { numRuns: 10 },
  );
});

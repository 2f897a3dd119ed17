import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execa } from 'execa';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { cleanEnv } from '../../doubles/otlpctl.ts';
import { OTEL_CLI } from '../tools.ts';
import { arrived } from './arrived.ts';

const span = (endpoint: string, protocol: string, flags: readonly string[]) =>
  execa(
    OTEL_CLI,
    ['span', '--endpoint', endpoint, '--protocol', protocol, '--insecure', '--service', 'shell', '--name', `by ${protocol}`, ...flags],
    {
      reject: false,
      extendEnv: false,
      env: cleanEnv(),
    },
  );

const FAILING = ['--fail', '--verbose'];

test('otel-cli sends a span over gRPC, and over HTTP to a base endpoint and to the whole address of traces', async (t) => {
  const bridge = await startBridgeProcess();
  t.after(() => bridge.stop());
  const http = `http://127.0.0.1:${bridge.ports.http}`;
  for (const [endpoint, protocol] of [
    [`127.0.0.1:${bridge.ports.grpc}`, 'grpc'],
    [http, 'http/protobuf'],
    [`${http}/v1/traces`, 'http/protobuf'],
  ] as const) {
    const ran = await span(endpoint, protocol, FAILING);
    assert.deepEqual([ran.exitCode, ran.stdout, ran.stderr], [0, '', ''], endpoint);
  }
  const came = await arrived(bridge, 3);
  assert.deepEqual(came.received, { traces: 3, metrics: 0, logs: 0 });
  assert.deepEqual(came.refused, { traces: 0, metrics: 0, logs: 0 });
  assert.deepEqual(came.items.traces, ['shell: by grpc', 'shell: by http/protobuf', 'shell: by http/protobuf']);
});

test('otel-cli takes a span that nobody took for success, without a word, unless it is told --fail and --verbose', async (t) => {
  const bridge = await startBridgeProcess();
  t.after(() => bridge.stop());
  const nowhere = `http://127.0.0.1:${bridge.ports.http}/elsewhere`;
  const silent = await span(nowhere, 'http/protobuf', []);
  assert.deepEqual([silent.exitCode, silent.stdout, silent.stderr], [0, '', '']);
  const told = await span(nowhere, 'http/protobuf', FAILING);
  assert.equal(told.exitCode, 1);
  assert.match(told.stderr, /code 404 with status: Nothing is served here\. OTLP\/HTTP is posted to \/v1\/traces/);
  assert.deepEqual((await arrived(bridge, 0)).received, { traces: 0, metrics: 0, logs: 0 });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { countAgents, type AgentCount } from '../../../bridge/metrics/agents.ts';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import { inProcess as otlpctl } from '../../doubles/in-process.ts';
import { ask, folder, oneSpan, running, testSettings } from '../bridge-fixture.ts';

const names = (...agents: string[]): (string | null)[] => {
  const { note, counts } = countAgents();
  for (const agent of agents) note(agent, 'grpc', 'traces');
  return counts().map(({ agent }) => agent);
};

test('a program is named up to its first version, without its comments and in plain letters', () => {
  assert.deepEqual(
    names(
      'OTel-OTLP-Exporter-Python/1.27.0 grpc-python/1.66.1 grpc-c/43.0.0 (linux; chttp2)',
      'OTel OTLP Exporter Go/1.28.0 grpc-go/1.65.0',
      'OpenTelemetry Collector Contrib/0.110.0 (linux/amd64)',
      'opentelemetry (none)',
      'curl/8.5.0',
      'evil\x1b[2J\x07\u00e9/1',
      '',
    ),
    [
      'OTel-OTLP-Exporter-Python/1.27.0',
      'OTel OTLP Exporter Go/1.28.0',
      'OpenTelemetry Collector Contrib/0.110.0',
      'opentelemetry',
      'curl/8.5.0',
      'evil [2J /1',
      null,
    ],
  );
});

test('one program in several wordings is one; of many and of long names no more than a bounded number is kept', () => {
  assert.deepEqual(names('a/1 x/1', 'a/1 x/2', 'a/1'), ['a/1']);
  const { note, counts } = countAgents();
  for (let i = 0; i < 500; i++) note(`sdk-${i}/1`, 'http', 'logs');
  note('sdk-0/1', 'http', 'logs');
  note('b'.repeat(16_000), 'grpc', 'logs');
  const found = counts();
  const of = (name: string) => found.filter(({ agent }) => agent === name);
  assert.equal(found.length, 32 + 2);
  assert.deepEqual(of('sdk-0/1'), [{ agent: 'sdk-0/1', transport: 'http', signal: 'logs', requests: 2 }]);
  assert.deepEqual(of('other'), [
    { agent: 'other', transport: 'grpc', signal: 'logs', requests: 1 },
    { agent: 'other', transport: 'http', signal: 'logs', requests: 500 - 32 },
  ]);
});

test('over both transports a bridge counts who sends, and check senders shows it', async (t) => {
  const { bridge, metrics } = await running(t, testSettings(folder()));
  const { grpc, http } = bridge.worker.find('otlp-source')!.task!.ports;
  const url = `http://127.0.0.1:${http}`;
  const post = (path: string, body: Buffer, headers: Record<string, string>) => ask(`${url}${path}`, { method: 'POST', body, headers });
  const python = { 'content-type': 'application/x-protobuf', 'user-agent': 'OTel-OTLP-Exporter-Python/1.27.0' };
  for (let i = 0; i < 3; i++) assert.equal((await post(SIGNAL.traces.path, oneSpan(), python)).status, 200);
  assert.equal((await post(SIGNAL.logs.path, Buffer.alloc(0), { 'content-type': 'application/x-protobuf' })).status, 200);
  assert.equal((await ask(`${url}${SIGNAL.traces.path}`)).status, 405);

  const client = new Client(`127.0.0.1:${grpc}`, credentials.createInsecure(), {
    'grpc.primary_user_agent': 'OTel-OTLP-Exporter-Java/1.49.0',
  });
  t.after(() => client.close());
  const asItIs = (bytes: Buffer): Buffer => bytes;
  await new Promise<void>((sent, failed) =>
    client.makeUnaryRequest(`/${SIGNAL.metrics.service}/Export`, asItIs, asItIs, Buffer.alloc(0), (error) =>
      error === null ? sent() : failed(error),
    ),
  );

  const { senders } = (await metrics('/metrics.json')).json as { senders: AgentCount[] };
  assert.deepEqual(senders, [
    { agent: 'OTel-OTLP-Exporter-Python/1.27.0', transport: 'http', signal: 'traces', requests: 3 },
    { agent: null, transport: 'http', signal: 'logs', requests: 1 },
    { agent: 'OTel-OTLP-Exporter-Java/1.49.0', transport: 'grpc', signal: 'metrics', requests: 1 },
  ]);

  const at = ({ host, port }: { host: string; port: number }) => `http://${host}:${port}`;
  const { rest, metrics: door } = bridge.addresses;
  const look = ['--connect-url', at(rest), '--metrics-url', `${at(door)}/metrics.json`, '--window', '0'];
  const { code, stdout } = await otlpctl(['check', 'senders', ...look]);
  assert.equal(code, 0, stdout);
  assert.match(
    stdout.replace(/\s+/g, ' '),
    /Of 5 requests since the counters began: OTel-OTLP-Exporter-Python\/1\.27\.0 3 \(HTTP; traces\), .*a sender without User-Agent 1 \(HTTP; logs\)/,
  );
});

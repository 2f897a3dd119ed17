import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { schema } from '../../../proto/schema.ts';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { inProcess as otlpctl } from '../../doubles/in-process.ts';
import { factOf, said } from '../../doubles/settings.ts';

let bridge: BridgeProcess;
before(async () => (bridge = await startBridgeProcess()));
after(() => bridge.stop());

const received = async (): Promise<number[]> => {
  const { counters } = (await (await fetch(bridge.metricsUrl)).json()) as { counters: Record<string, number> };
  return SIGNALS.map((signal) => counters[SIGNAL[signal].received]!);
};

test('nothing is sent unless it is allowed', async () => {
  const fact = await factOf('active', { connectUrl: new URL(bridge.connectUrl) });
  assert.deepEqual(said(fact), {
    source: 'marked requests',
    unasked: 'skipped',
    reason: 'nothing is sent unless it is allowed',
    give: '--active',
  });
  assert.deepEqual(await received(), [0, 0, 0]);
});

test('one request of each signal over each protocol is sent and taken', async () => {
  const fact = await factOf('active', { connectUrl: new URL(bridge.connectUrl) }, { active: true });
  assert.ok('value' in fact, JSON.stringify(fact));
  assert.deepEqual(
    fact.value.sends.map(({ signal, transport, ok, code }) => [transport, signal, ok, code]),
    [...SIGNALS.map((signal) => ['grpc', signal, true, 'OK']), ...SIGNALS.map((signal) => ['http', signal, true, '200'])],
  );
  assert.deepEqual(await received(), [2, 2, 2]);
});

test('what is refused is a fact, and addresses that nobody named are not sent to', async (t) => {
  const type = schema().lookupType(SIGNAL.logs.request);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        if (request.url === SIGNAL.logs.path) assert.match(JSON.stringify(type.decode(Buffer.concat(chunks))), /otlpctl-send-/);
        response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"Queue full"}');
      });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => void (server.close(), server.closeAllConnections()));
  const { port } = server.address() as AddressInfo;
  const fact = await factOf('active', { connectUrl: null, otlpHttp: new URL(`http://127.0.0.1:${port}`) }, { active: true });
  assert.ok('value' in fact, JSON.stringify(fact));
  assert.deepEqual(
    fact.value.sends.map(({ transport, code, said: words }) => [transport, code, words]),
    SIGNALS.map(() => ['http', '503', '{"error":"Queue full"}']),
  );
});

test('doctor sends when it is allowed to, says so before, and a replay of it sends nothing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-active-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const before = await received();
  const ran = await otlpctl(['doctor', '--active', '--window', '0', '--record', folder, ...bridge.target]);
  assert.equal(ran.code, 0, ran.stdout);
  assert.match(ran.stderr, /^--active sends: one marked request of each signal over each protocol/);
  assert.match(ran.stdout, /6\s+of them marked and put on topics/);
  const after = await received();
  assert.deepEqual(
    after,
    before.map((count) => count + 2),
  );
  const again = await otlpctl(['check', 'marked-requests', '--replay', folder, '--format', 'json']);
  assert.match(again.stdout, /6 marked requests were taken: traces, metrics and logs over gRPC and traces, metrics and logs over HTTP/);
  assert.deepEqual(await received(), after);
});

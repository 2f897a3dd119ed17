import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Jolokia from 'jolokia.js';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';

const MBEAN = 'io.conduktor.connect.otel:type=OpenTelemetryConnector,name="otlp-source"';
let bridge: BridgeProcess;
let client: InstanceType<typeof Jolokia>;
before(async () => {
  bridge = await startBridgeProcess();
  client = new Jolokia({ url: `http://127.0.0.1:${bridge.ports.metrics}/jolokia` });
});
after(() => bridge.stop());

type Answered = { status: number; value?: unknown; error?: string; error_type?: string };
const one = async (request: object, method: 'get' | 'post' = 'post') =>
  (await client.request(request as never, { method })) as unknown as Answered;

test("Jolokia's own client reads the bean by GET and by POST", async () => {
  for (const method of ['get', 'post'] as const) {
    const all = await one({ type: 'read', mbean: MBEAN }, method);
    assert.equal(all.status, 200, JSON.stringify(all));
    assert.equal((all.value as Record<string, unknown>)['ConnectorName'], 'otlp-source');
    assert.equal((await one({ type: 'read', mbean: MBEAN, attribute: 'QueueCapacity' }, method)).value, 10_000);
    assert.deepEqual((await one({ type: 'search', mbean: 'io.conduktor.connect.otel:*' }, method)).value, [MBEAN]);
  }
});

test('it reads many at once, gets the version, and is told what is not there and what is not done here', async () => {
  const answers = (await client.request([
    { type: 'version' },
    { type: 'read', mbean: 'java.lang:type=Memory' },
    { type: 'exec', mbean: MBEAN, operation: 'resetCounters' },
  ] as never)) as unknown as Answered[];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 404, 403],
  );
  assert.equal((answers[0]!.value as { protocol: string }).protocol, '8.2');
  assert.equal(answers[1]!.error_type, 'javax.management.InstanceNotFoundException');
  assert.deepEqual(Object.keys((await one({ type: 'list' })).value as object), ['io.conduktor.connect.otel']);
});

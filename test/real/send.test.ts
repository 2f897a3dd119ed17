import assert from 'node:assert/strict';
import { before, test, type TestContext } from 'node:test';
import { startBridgeProcess } from '../doubles/bridge-process.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';
import { connectorOn } from './stand/connector-on.ts';
import { makeTopics, withAdmin } from './stand/kafka-admin.ts';
import { sharedStand } from './stand/shared.ts';
import type { Stand } from './stand/stand.ts';

/** What is sent is found again where a real Kafka has it, whatever form its records have, and nothing of the search stays behind. */
let stand: Stand;
before(async () => (stand = await sharedStand('3.9.1')));

type Json = {
  sent: number;
  run: string;
  answers: { code: string; count: number }[];
  peculiar: string[];
  stored: { expected: number; found: number; missing: number[]; twice: number; ms: { min: number; p50: number } | null };
  requests: { number: number; ok: boolean; ms: number; storedMs: number | null }[];
};

async function send(args: readonly string[]): Promise<{ code: number | null; json: Json }> {
  const ran = await otlpctl(['send', ...args, '--verify', '--kafka', stand.kafka, '--format', 'json']);
  assert.ok(ran.stdout.startsWith('{'), ran.stdout + ran.stderr);
  return { code: ran.code, json: JSON.parse(ran.stdout) as Json };
}

async function groupIsGone(run: string): Promise<void> {
  const { groups } = await withAdmin(stand.kafka, (admin) => admin.listGroups());
  assert.deepEqual(
    groups.map(({ groupId }) => groupId).filter((id) => id.includes(run)),
    [],
  );
}

async function connector(t: TestContext, config: Record<string, string>) {
  const one = await connectorOn(t, stand, config);
  await makeTopics(stand.kafka, Object.values(one.topics));
  return { ...one, target: ['--connect-url', stand.connectUrl, '--connector', one.name] };
}

for (const format of ['json', 'protobuf'])
  test(`records of the connector in ${format} are found, each with the time that it took`, async (t) => {
    const { target } = await connector(t, { 'otlp.message.format': format });
    for (const args of [['traces'], ['logs', '--protocol', 'http/protobuf'], ['metrics', '--protocol', 'http/json']]) {
      const { code, json } = await send([...args, '--count', '20', ...target]);
      assert.equal(code, 0, JSON.stringify(json));
      assert.deepEqual([json.sent, json.stored.found, json.stored.twice], [20, 20, 0]);
      for (const { storedMs, ms } of json.requests) assert.ok(storedMs! > 0 && ms > 0);
      assert.equal(json.peculiar.length, args.includes('http/protobuf') ? 1 : 0);
      await groupIsGone(json.run);
    }
  });

test("the connector's 400 to gzip over HTTP is named as its own, and gzip over gRPC arrives", async (t) => {
  const { target } = await connector(t, {});
  const http = await send(['traces', '--protocol', 'http/protobuf', '--gzip', ...target]);
  assert.deepEqual([http.code, http.json.answers[0]?.code, http.json.stored.expected], [2, '400', 0]);
  assert.match(http.json.peculiar.join(), /this connector does not decompress over HTTP/);
  const grpc = await send(['traces', '--gzip', ...target]);
  assert.deepEqual([grpc.code, grpc.json.stored.found], [0, 1], JSON.stringify(grpc.json));
});

test('what the connector answered OK and dropped is missing, by its numbers', async (t) => {
  const { target, beanWhen } = await connector(t, { 'otlp.message.queue.size': '100' });
  const { code, json } = await send(['traces', '--count', '2000', ...target]);
  const { TracesDropped = 0 } = await beanWhen('drops', (values) => (values['TracesDropped'] ?? 0) > 0);
  assert.equal(code, 2);
  assert.deepEqual(json.answers, [{ ...json.answers[0], code: 'OK', count: 2000 }]);
  assert.deepEqual([json.stored.expected, json.stored.expected - json.stored.found], [2000, TracesDropped]);
  assert.equal(json.requests.filter(({ storedMs }) => storedMs === null).length, TracesDropped);
});

for (const format of ['protobuf', 'json', 'json-connect'])
  test(`10,000 through a bridge into Kafka in ${format} are each accounted for`, async (t) => {
    const topic = `sent-${format}-${process.pid}`;
    await makeTopics(stand.kafka, [topic]);
    const bridge = await startBridgeProcess({
      'bridge.sink': 'kafka',
      'bridge.kafka.bootstrap.servers': stand.kafka,
      'otlp.message.format': format,
      'kafka.topic.traces': topic,
    });
    t.after(() => bridge.stop());
    const { code, json } = await send(['traces', '--protocol', 'http/protobuf', '--count', '10000', ...bridge.target]);
    assert.deepEqual([code, json.sent, json.stored.found, json.stored.twice], [0, 10_000, 10_000, 0], JSON.stringify(json.answers));
    assert.equal(json.requests.length, 10_000);
    await groupIsGone(json.run);
  });

test('a topic that is not there is said before anything is sent', async (t) => {
  const { target, beanWhen } = await connectorOn(t, stand, { 'kafka.topic.traces': `nowhere-${process.pid}` }).then((one) => ({
    ...one,
    target: ['--connect-url', stand.connectUrl, '--connector', one.name],
  }));
  const { code, stderr } = await otlpctl(['send', 'traces', '--verify', '--kafka', stand.kafka, ...target]);
  assert.equal(code, 3);
  assert.match(stderr, /topic nowhere-\d+ at .* cannot be read, so nothing was sent/);
  assert.equal((await beanWhen('counters', () => true))['TracesReceived'], 0);
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { gather, probesFor } from '../../../checks/gather.ts';
import type { Address, KafkaBrokers } from '../../../checks/facts/index.ts';
import type { KafkaSecurity } from '../../../checks/target.ts';
import { CERTIFICATE } from '../../doubles/certificate.ts';
import { double } from '../../doubles/double.ts';
import type { DoubleKind } from '../../doubles/double.ts';
import { fullBacklog } from '../../doubles/full-backlog.ts';
import { fakeKafka } from '../../doubles/kafka.ts';
import type { FakeKafka, KafkaDouble } from '../../doubles/kafka.ts';
import { factOf, said, settings } from '../../doubles/settings.ts';
import { until } from '../../doubles/until.ts';

/** A third of the time-out for each exchange: 250 ms. */
const SHORT = { timeoutMs: 750 };
const at = (port: number): Address => ({ host: '127.0.0.1', port });

async function brokersAt(addresses: readonly Address[], kafkaSecurity?: KafkaSecurity, timeoutMs = 3000): Promise<KafkaBrokers> {
  const fact = await factOf(
    'kafka.brokers',
    { connectUrl: null, kafka: addresses, ...(kafkaSecurity && { kafkaSecurity }) },
    { timeoutMs },
  );
  assert.ok('value' in fact, JSON.stringify(fact));
  return fact.value;
}

async function kafka(t: TestContext, how?: FakeKafka): Promise<KafkaDouble> {
  const made = await fakeKafka(how);
  t.after(made.close);
  return made;
}

test('without an address nothing is asked, and the way to give one is named', async () => {
  for (const id of ['kafka.brokers', 'kafka.topics', 'kafka.offsets'] as const) {
    const fact = said(await factOf(id, { connectUrl: null }));
    assert.deepEqual(
      { ...fact, source: '' },
      {
        source: '',
        unasked: 'skipped',
        reason: 'no broker was given',
        give: '--kafka HOST:PORT',
      },
    );
  }
});

test('a broker that answers, its cluster, and the broker where it advertises itself', async (t) => {
  const { port } = await kafka(t);
  const { bootstrap, cluster, brokers, refusal } = await brokersAt([at(port)]);
  assert.deepEqual(
    bootstrap.map((look) => [look.address, 'ms' in look]),
    [[at(port), true]],
  );
  assert.deepEqual(cluster, { id: 'fake-cluster', controller: 1 });
  assert.deepEqual(
    brokers.map((look) => [look.id, look.address, 'ms' in look && look.versions]),
    [[1, at(port), { metadata: [0, 2] }]],
  );
  assert.equal(refusal, undefined);
});

const KINDS: readonly [DoubleKind, Record<string, unknown>][] = [
  ['refused', { failure: 'refused', stage: 'connect' }],
  ['hang', { failure: 'timeout', detail: 'connected, no answer in 250 ms', stage: 'answer' }],
  ['close', { failure: 'reset', detail: 'connected, closed without an answer', stage: 'answer' }],
  ['reset', { failure: 'reset' }],
  ['html', { failure: 'malformed', detail: 'something else than Kafka answers (HTTP)', stage: 'answer' }],
  ['garbage', { failure: 'malformed', detail: 'something else than Kafka answers', stage: 'answer' }],
  ['h2', { failure: 'malformed', detail: 'something else than Kafka answers (HTTP/2)', stage: 'answer' }],
  ['tls', { failure: 'tls', detail: 'the port speaks TLS: give --kafka-config with security.protocol=SSL or SASL_SSL', stage: 'answer' }],
];

for (const [kind, expected] of KINDS)
  test(`a port of kind ${kind} is told apart`, async (t) => {
    const { port, close } = await double(kind);
    t.after(close);
    const { bootstrap, cluster, brokers } = await brokersAt([at(port)], undefined, SHORT.timeoutMs);
    const look = bootstrap[0] as unknown as Record<string, unknown>;
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, look[key]])), expected);
    assert.deepEqual([cluster, brokers], [null, []]);
  });

test('a port whose connects vanish, a name that does not resolve, a controller, a cut answer', async (t) => {
  const filtered = await fullBacklog();
  t.after(filtered.close);
  const controller = await kafka(t, { offers: [1, 18] });
  const cut = await kafka(t, { cutAfter: 16 });
  const { bootstrap } = await brokersAt(
    [at(filtered.port), { host: 'no-such-host.invalid', port: 9092 }, at(controller.port), at(cut.port)],
    undefined,
    SHORT.timeoutMs,
  );
  assert.deepEqual(
    bootstrap.map((look) => ('failure' in look ? [look.failure, look.stage] : [])),
    [
      ['timeout', 'connect'],
      ['name', 'name'],
      ['malformed', 'answer'],
      ['malformed', 'answer'],
    ],
  );
  assert.match('detail' in bootstrap[2]! ? bootstrap[2].detail : '', /^a Kafka controller answers, not a broker/);
  assert.match('detail' in bootstrap[3]! ? bootstrap[3].detail : '', /^its answer breaks off after 16 bytes/);
});

test('an advertised address that refuses, while the bootstrap address answers', async (t) => {
  const gone = await double('refused');
  const { port } = await kafka(t, { advertised: at(gone.port) });
  const { cluster, brokers } = await brokersAt([at(port)]);
  assert.equal(cluster?.id, 'fake-cluster');
  assert.deepEqual(
    brokers.map((look) => ('failure' in look ? [look.address, look.failure] : [])),
    [[at(gone.port), 'refused']],
  );
});

test('TLS: with its authority it answers, without trust the reason is said, and plain text in its place too', async (t) => {
  const { port } = await kafka(t, { tls: true });
  const trusted = await brokersAt([at(port)], { tls: { ca: CERTIFICATE } });
  assert.equal(trusted.cluster?.id, 'fake-cluster');
  const untrusted = await brokersAt([at(port)], { tls: {} });
  assert.equal(untrusted.cluster, null);
  assert.equal(untrusted.refusal?.failure, 'tls');
  assert.match(untrusted.refusal?.detail ?? '', /self.signed certificate/i);
  const plain = await kafka(t);
  const { bootstrap } = await brokersAt([at(plain.port)], { tls: {} }, SHORT.timeoutMs);
  assert.ok('failure' in bootstrap[0]!);
});

test('a broker that stops answering in the middle is given up in time, and no connection stays open', async (t) => {
  const hung = await kafka(t, { silentTo: ['Metadata'] });
  const began = performance.now();
  const { cluster, refusal } = await brokersAt([at(hung.port)], undefined, SHORT.timeoutMs);
  assert.ok(performance.now() - began < 1500);
  assert.deepEqual([cluster, refusal?.failure], [null, 'timeout']);
  await until('every connection to be closed', () => (hung.open() === 0 ? true : undefined), 2000);
});

test('a listener that wants SASL is named as one', async (t) => {
  const { port } = await kafka(t, { hangsUp: true });
  const { cluster, refusal } = await brokersAt([at(port)]);
  assert.equal(cluster, null);
  assert.deepEqual(refusal, {
    failure: 'reset',
    detail: 'Kafka closes the connection: the listener may want SASL, which --kafka-config gives',
  });
});

test('topics are asked by name and none is made; their names are assumed where Connect is not asked', async (t) => {
  const { port, asked } = await kafka(t);
  const facts = await gather({ connectUrl: null, kafka: [at(port)] }, settings(), probesFor(['kafka.topics', 'kafka.offsets']));
  const topics = facts['kafka.topics'];
  assert.ok('value' in topics, JSON.stringify(topics));
  assert.deepEqual(
    topics.value.topics.map(({ name, signal, exists }) => [name, signal, exists]),
    [
      ['otlp-traces', 'traces', false],
      ['otlp-metrics', 'metrics', false],
      ['otlp-logs', 'logs', false],
    ],
  );
  assert.deepEqual([topics.value.assumed, topics.value.autoCreate], [true, null]);
  assert.deepEqual([...new Set(asked)], ['otlp-traces', 'otlp-metrics', 'otlp-logs']);
  assert.deepEqual('unasked' in facts['kafka.offsets'] && facts['kafka.offsets'].unasked, 'skipped');
});

const SCRIPT = `
import { gather, probesFor } from ${JSON.stringify(new URL('../../../checks/gather.ts', import.meta.url).href)};
const [, port, timeoutMs] = process.argv;
const settings = { timeoutMs: Number(timeoutMs), windowMs: 0, expect: [], given: [], version: '1', env: {}, now: Date.now };
const target = { connectUrl: null, kafka: [{ host: '127.0.0.1', port: Number(port) }] };
const facts = await gather(target, settings, probesFor(['kafka.topics']));
process.stdout.write(JSON.stringify(facts['kafka.brokers'].value.cluster));
`;

test('a process that looked ends at once, whatever the broker does, and prints nothing of its own', async (t) => {
  for (const [how, timeoutMs, printed] of [
    [{}, 8000, '{"id":"fake-cluster","controller":1}'],
    [{ silentTo: ['Metadata'] }, 900, 'null'],
  ] as const) {
    const { port } = await kafka(t, how);
    const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, String(port), String(timeoutMs)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const code = await new Promise((done) => child.on('close', done));
    assert.deepEqual({ code, out, err }, { code: 0, out: printed, err: '' });
  }
});

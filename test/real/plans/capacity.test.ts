import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { exportRequest } from '../../doubles/load.ts';
import { otlpctl } from '../../doubles/otlpctl.ts';
import { connectorOn, type ConnectorOn } from '../stand/connector-on.ts';
import { sharedStand } from '../stand/shared.ts';
import type { Stand } from '../stand/stand.ts';
import { capacity, near, under, WINDOW, type Document } from './measuring.ts';

let stand: Stand;
before(async () => {
  stand = await sharedStand('4.1.0');
});
const targetOf = ({ name }: ConnectorOn): string[] => [
  '--connect-url',
  stand.connectUrl,
  '--connector',
  name,
  '--metrics-url',
  stand.jolokiaUrl,
];

test('a connector under a known load: peak, record size in both forms, heap and partitions of its own', async (t) => {
  const body = exportRequest('traces', 'y'.repeat(2000));
  const of: Record<string, Document> = {};
  for (const format of ['protobuf', 'json']) {
    const connector = await connectorOn(t, stand, { 'otlp.message.format': format });
    await under(t, connector.http, 100, 'traces', body);
    of[format] = await capacity(...targetOf(connector), '--kafka', stand.kafka);
    near(of[format].measured.peakPerSecond, 100, `peak of ${format}`);
    assert.equal(of[format].measured.sources.messageSize.from, 'kafka');
    assert.ok(of[format].live.heapBytes! > 0 && of[format].formats!.records > 0);
    assert.deepEqual(
      of[format].partitions.filter(({ topic }) => topic === connector.topics.traces).map(({ wanted }) => wanted),
      [1],
    );
  }
  const [protobuf, json] = [of['protobuf']!, of['json']!];
  assert.deepEqual([protobuf.formats!.form, json.formats!.form], ['base64-protobuf', 'connect-json']);
  near(protobuf.measured.messageSizeBytes, 4 * Math.ceil(body.length / 3), 'size as base64');
  // What one connector writes is what the other's records were reckoned to be.
  near(protobuf.formats!.jsonBytes, json.measured.messageSizeBytes, 'JSON as reckoned and as written', 2);
  near(json.formats!.protobufBytes, protobuf.measured.messageSizeBytes, 'protobuf as reckoned and as written', 2);
  t.diagnostic(
    `JSON ${json.measured.messageSizeBytes} B, protobuf ${protobuf.measured.messageSizeBytes} B of a request of ${body.length} B`,
  );
});

test('one signal past the poll ceiling: instances are the answer, and no queue is set', async (t) => {
  const connector = await connectorOn(t, stand);
  await under(t, connector.http, 700, 'traces', exportRequest('traces', 'load'));
  const { ceiling } = await capacity(...targetOf(connector));
  assert.deepEqual([ceiling?.signal, ceiling?.instances], ['traces', 2]);
  const { code, stderr } = await otlpctl(['capacity', '--from-target', ...targetOf(connector), '--peak', '700', '--apply', '--yes']);
  assert.equal(code, 3);
  assert.match(
    stderr,
    /a larger queue only delays the loss, so nothing was sent, plan 2 instances with otlpctl scale connectors --instances 2/,
  );
});

test('--apply sets the queue size alone, and the record of it says so', async (t) => {
  const connector = await connectorOn(t, stand);
  const state = mkdtempSync(join(tmpdir(), 'otlpctl-capacity-'));
  t.after(() => rmSync(state, { recursive: true }));
  await under(t, connector.http, 100, 'traces', exportRequest('traces', 'load'));
  const words = [
    'capacity',
    '--from-target',
    ...WINDOW,
    ...targetOf(connector),
    '--burst',
    '200',
    '--apply',
    '--yes',
    '--state-dir',
    state,
    '--format',
    'json',
  ];
  const { code, stdout, stderr } = await otlpctl(words);
  assert.deepEqual([code, stderr], [0, '']);
  const { recommendedQueueSize, applied } = JSON.parse(stdout) as Document & { applied: { outcome: string; run: string } };
  near(recommendedQueueSize, 30_000, 'queue');
  const { 'otlp.message.queue.size': size, 'otlp.message.format': format } = (await connector.ask('GET', '/config')).body as Record<
    string,
    string
  >;
  assert.deepEqual([size, format, applied.outcome], [String(recommendedQueueSize), 'protobuf', 'done']);
});

test('brokers: what Kafka itself tells is known, and what only their metrics tell is unknown', async (t) => {
  const connector = await connectorOn(t, stand);
  await under(t, connector.http, 50, 'traces', exportRequest('traces', 'z'.repeat(2000)));
  const words = ['scale', 'brokers', ...targetOf(connector), ...WINDOW, '--kafka', stand.kafka, '--format', 'json'];
  const { code, stdout, stderr } = await otlpctl(words);
  assert.deepEqual([code, stderr], [0, '']);
  const { rows } = JSON.parse(stdout) as { rows: { what: string; status: string }[] };
  assert.deepEqual(Object.fromEntries(rows.map(({ what, status }) => [what, status])), {
    ...{ in: 'unknown', out: 'unknown', idle: 'unknown', replication: 'ok', peak: 'unknown' },
  });
});

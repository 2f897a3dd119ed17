import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import type { Signal } from '../../../proto/vocabulary/signals.ts';
import { requestType } from '../../bridge/intake/samples.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { exportRequest } from '../../doubles/load.ts';
import { until } from '../../doubles/until.ts';
import { startCollector } from '../collector/collector-process.ts';
import { makeTopics } from '../stand/kafka-admin.ts';
import { loneBroker } from '../stand/lone-broker.ts';
import { overGrpc } from '../stand/otlp-clients.ts';

const ENCODING = { protobuf: 'otlp_proto', json: 'otlp_json' } as const;

/** Records as the file sink has them. */
const recordsIn = (path: string): Buffer[] => {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => Buffer.from((JSON.parse(line) as { value: string }).value, 'base64'));
  } catch {
    return [];
  }
};

/** What a request says: the Collector sets messages that were absent, with nothing in them. */
function said(signal: Signal, body: Buffer): unknown {
  const type = requestType(signal);
  const object = type.toObject(type.decode(body), { longs: String, bytes: String });
  const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return JSON.parse(JSON.stringify(object), (_key, value: unknown) => (isEmpty(value) ? undefined : value));
}

test("a Collector's kafkareceiver reads what the bridge wrote, of every signal, in both of its encodings", async (t) => {
  const broker = await loneBroker({ kafka: '4.1.0' });
  t.after(() => broker.stop());
  for (const format of ['protobuf', 'json'] as const) {
    const topic = (signal: string) => `${format}-${signal}`;
    await makeTopics(broker.kafka, SIGNALS.map(topic));
    const bridge = await startBridgeProcess({
      'bridge.sink': 'kafka',
      'bridge.ack': 'kafka',
      'bridge.kafka.bootstrap.servers': broker.kafka,
      'bridge.kafka.compression.type': 'zstd',
      'otlp.message.format': format,
      ...Object.fromEntries(SIGNALS.map((signal) => [SIGNAL[signal].topicKey, topic(signal)])),
    });
    t.after(() => bridge.stop());
    const bodies = Object.fromEntries(SIGNALS.map((signal) => [signal, exportRequest(signal, `through ${format}`)]));
    for (const signal of SIGNALS) assert.deepEqual(await overGrpc(bridge.ports.grpc!, signal, bodies[signal]!), { 0: 1 });

    const end = await startBridgeProcess();
    t.after(() => end.stop());
    const signals = Object.fromEntries(SIGNALS.map((signal) => [signal, { topics: [topic(signal)], encoding: ENCODING[format] }]));
    const collector = await startCollector({
      receivers: { kafka: { brokers: [broker.kafka], initial_offset: 'earliest', group_id: format, ...signals } },
      exporters: { otlphttp: { endpoint: `http://127.0.0.1:${end.ports.http}`, compression: 'none' } },
      pipelines: Object.fromEntries(SIGNALS.map((signal) => [signal, ['otlphttp']])),
    });
    t.after(() => collector.stop());
    for (const signal of SIGNALS) {
      const [arrived] = await until(
        `${signal} through the Collector`,
        () => {
          const records = recordsIn(join(end.folder, 'data', `${SIGNAL[signal].topic}.jsonl`));
          return records.length > 0 ? records : undefined;
        },
        60_000,
      ).catch((error: Error) => {
        throw new Error(`${error.message}: ${JSON.stringify(collector.log().slice(-5))}`);
      });
      assert.deepEqual(said(signal, arrived!), said(signal, bodies[signal]!), `${signal} as ${format}`);
    }
  }
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import type { Signal } from '../../../proto/vocabulary/signals.ts';
import { asJson, fullRequest, requestType } from '../../bridge/intake/samples.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import type { BridgeProcess } from '../../doubles/bridge-process.ts';
import { exportRequest } from '../../doubles/load.ts';
import { until } from '../../doubles/until.ts';
import { makeTopics } from '../stand/kafka-admin.ts';
import { loneBroker } from '../stand/lone-broker.ts';
import type { LoneBroker } from '../stand/lone-broker.ts';
import { overGrpc, overHttp } from '../stand/otlp-clients.ts';
import { batchesOf, readTopic } from './records.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };

const topicsOf = (name: string) => Object.fromEntries(SIGNALS.map((signal) => [SIGNAL[signal].topicKey, `${name}-${signal}`]));
const topic = (name: string, signal: Signal) => `${name}-${signal}`;

type Counts = { counters: Record<string, number>; gauges: Record<string, number> };
const countsOf = async ({ metricsUrl }: BridgeProcess): Promise<Counts> => (await (await fetch(metricsUrl)).json()) as Counts;
const produced = (bridge: BridgeProcess, count: number): Promise<Counts> =>
  until(`${count} records to be stored`, async () => {
    const counts = await countsOf(bridge);
    return counts.counters.RecordsProduced === count ? counts : undefined;
  });

for (const kafka of ['3.9.1', '4.1.0'] as const)
  describe(`Kafka ${kafka}`, () => {
    let stand: LoneBroker;
    before(async () => {
      stand = await loneBroker({ kafka, broker: { 'num.partitions': 3 } });
    });
    after(() => stand.stop());

    const bridgeTo = async (name: string, keys: Record<string, string>, use: (bridge: BridgeProcess) => Promise<void>): Promise<void> => {
      const bridge = await startBridgeProcess({
        'bridge.sink': 'kafka',
        'bridge.kafka.bootstrap.servers': stand.kafka,
        ...topicsOf(name),
        ...keys,
      });
      try {
        await use(bridge);
      } finally {
        assert.equal(await bridge.stop(), 0, bridge.log());
      }
      assert.doesNotMatch(bridge.log(), /Warning|Unhandled|KAFKAJS_NO/);
    };

    /** Each signal over gRPC, over HTTP as protobuf and over HTTP as JSON. */
    const sendAll = async (bridge: BridgeProcess): Promise<void> => {
      for (const signal of SIGNALS) {
        const body = fullRequest(signal);
        assert.deepEqual(await overGrpc(bridge.ports.grpc!, signal, body), { 0: 1 });
        assert.equal((await overHttp(bridge.ports.http!, SIGNAL[signal].path, body, PROTOBUF)).status, 200);
        assert.equal((await overHttp(bridge.ports.http!, SIGNAL[signal].path, asJson(signal, body), JSON_TYPE)).status, 200);
      }
      await produced(bridge, 9);
    };

    test('protobuf: the bytes of the request, whatever they came as', async () => {
      await bridgeTo('proto', { 'otlp.message.format': 'protobuf' }, sendAll);
      for (const signal of SIGNALS) {
        const records = await readTopic(stand.kafka, topic('proto', signal));
        assert.equal(records.length, 3);
        const type = requestType(signal);
        for (const { headers, key, value } of records) {
          assert.deepEqual([headers, key], [{ signal, 'content-type': 'application/x-protobuf' }, null]);
          assert.deepEqual(type.decode(value), type.decode(fullRequest(signal)));
        }
        assert.ok(records.filter(({ value }) => value.equals(fullRequest(signal))).length >= 2, 'untouched where it came as protobuf');
      }
    });

    test('json: OTLP/JSON, compact', async () => {
      await bridgeTo('json', {}, sendAll);
      for (const signal of SIGNALS) {
        const records = await readTopic(stand.kafka, topic('json', signal));
        assert.equal(records.length, 3);
        for (const { headers, value } of records) {
          assert.equal(headers['content-type'], 'application/json');
          assert.deepEqual(JSON.parse(value.toString()), JSON.parse(asJson(signal, fullRequest(signal))));
          assert.ok(!value.includes('\n'));
        }
      }
    });

    test("json-connect: the connector's own JSON", async () => {
      await bridgeTo('connect', { 'otlp.message.format': 'json-connect' }, sendAll);
      for (const signal of SIGNALS)
        for (const { value } of await readTopic(stand.kafka, topic('connect', signal)))
          assert.match(value.toString(), new RegExp(`^\\{\n  "resource_${signal === 'traces' ? 'spans' : signal}": \\[\\{\n`));
    });

    test('a key is the trace id or an attribute of the resource, and decides the partition', async () => {
      const send = async (bridge: BridgeProcess) => {
        for (let count = 0; count < 6; count++) {
          const answer = await overHttp(bridge.ports.http!, '/v1/traces', exportRequest('traces', `k${count}`), PROTOBUF);
          assert.equal(answer.status, 200);
        }
        await produced(bridge, 6);
      };
      await bridgeTo('trace-id', { 'bridge.kafka.record.key': 'trace-id' }, send);
      await bridgeTo('service', { 'bridge.kafka.record.key': 'resource:service.name' }, send);
      await bridgeTo('absent', { 'bridge.kafka.record.key': 'resource:no.such' }, send);
      const seen = async (name: string) => {
        const records = await readTopic(stand.kafka, topic(name, 'traces'));
        return { keys: [...new Set(records.map(({ key }) => key))], partitions: new Set(records.map(({ partition }) => partition)).size };
      };
      assert.deepEqual(await seen('trace-id'), { keys: [Buffer.alloc(16, 7).toString('hex')], partitions: 1 });
      assert.deepEqual(await seen('service'), { keys: ['otlpctl-test'], partitions: 1 });
      assert.deepEqual((await seen('absent')).keys, [null]);
    });

    test('without a key batches go round the partitions', async () => {
      await bridgeTo('round', {}, async (bridge) => {
        for (let count = 0; count < 6; count++) {
          await overHttp(bridge.ports.http!, '/v1/traces', exportRequest('traces', `r${count}`), PROTOBUF);
          await produced(bridge, count + 1);
        }
      });
      const records = await readTopic(stand.kafka, topic('round', 'traces'));
      assert.deepEqual([records.length, new Set(records.map(({ partition }) => partition)).size], [6, 3]);
    });

    for (const codec of ['none', 'gzip', 'zstd'] as const)
      test(`compression ${codec} is what goes over the wire`, async () => {
        const name = `codec-${codec}`;
        const traces = topic(name, 'traces');
        await makeTopics(stand.kafka, [traces]);
        const body = exportRequest('traces', 'x'.repeat(20_000));
        await bridgeTo(name, { 'bridge.kafka.compression.type': codec, 'otlp.message.format': 'protobuf' }, async (bridge) => {
          assert.deepEqual(await overGrpc(bridge.ports.grpc!, 'traces', body, 40), { 0: 40 });
          await produced(bridge, 40);
        });
        const batches = batchesOf(stand.folder, traces);
        assert.deepEqual([...new Set(batches.map((one) => one.codec))], [codec]);
        assert.equal(
          batches.reduce((sum, { records }) => sum + records, 0),
          40,
        );
        const bytes = batches.reduce((sum, one) => sum + one.bytes, 0);
        assert.ok(codec === 'none' ? bytes > 40 * body.length : bytes < 4 * body.length, `${bytes} bytes`);
        assert.ok((await readTopic(stand.kafka, traces)).every(({ value }) => value.equals(body)));
      });

    test('topics are made with the partitions and replicas that the configuration names; one that cannot be is said', async () => {
      const creation = (partitions: number, replicas: number) => ({
        'topic.creation.default.partitions': String(partitions),
        'topic.creation.default.replication.factor': String(replicas),
      });
      await bridgeTo('made', creation(5, 1), async (bridge) => {
        await overHttp(bridge.ports.http!, '/v1/logs', exportRequest('logs', 'a'), PROTOBUF);
        await produced(bridge, 1);
        assert.match(bridge.log(), /Topic made-logs is made with 5 partitions and 1 replicas/);
      });
      const bridge = await startBridgeProcess({
        'bridge.sink': 'kafka',
        'bridge.kafka.bootstrap.servers': stand.kafka,
        'bridge.flush.timeout.ms': '100',
        ...topicsOf('unmade'),
        ...creation(1, 3),
      });
      await overHttp(bridge.ports.http!, '/v1/logs', exportRequest('logs', 'a'), PROTOBUF);
      await until(
        'the reason',
        () =>
          /did not take 1 messages for unmade-logs \(topic unmade-logs cannot be made with 1 partitions with 3 replicas/.test(
            bridge.log(),
          ) || undefined,
      );
      assert.equal(await bridge.stop(), 1, 'it is spilled');
    });

    test('a record that the topic does not take is refused at the door; one that grew too large is set aside and blocks nobody', async () => {
      await makeTopics(stand.kafka, [
        { topic: topic('small', 'traces'), numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '3000' }] },
      ]);
      const large = exportRequest('traces', 'x'.repeat(5000));
      await bridgeTo('small', {}, async (bridge) => {
        await until('the limit to be known', async () => {
          const { status } = await overHttp(bridge.ports.http!, '/v1/traces', large, PROTOBUF);
          return status === 413 || undefined;
        });
        assert.deepEqual(await overGrpc(bridge.ports.grpc!, 'traces', large), { 8: 1 });
        const before = (await countsOf(bridge)).counters;
        assert.equal((await overHttp(bridge.ports.http!, '/v1/traces', exportRequest('traces', 'small'), PROTOBUF)).status, 200);
        await until('the small one', async () => {
          const { counters } = await countsOf(bridge);
          return counters.RecordsProduced! > 0 && counters.TracesReceived === counters.RecordsProduced! + counters.TracesDropped!
            ? true
            : undefined;
        });
        assert.ok(before.RecordsTooLarge! >= 2);
      });
      assert.equal((await readTopic(stand.kafka, topic('small', 'traces'))).length, 1);
    });
  });

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { listen } from '../../doubles/listen.ts';
import { until } from '../../doubles/until.ts';
import { kafkaConfigs, makeTopics, withAdmin } from '../stand/kafka-admin.ts';
import { loneBroker } from '../stand/lone-broker.ts';
import { freePorts } from '../stand/ports.ts';
import { readTopic } from './records.ts';
import { NOTICED_MS, watchedBridge } from './watched-bridge.ts';

const TOPICS = SIGNALS.map((signal) => SIGNAL[signal].topic);

/** Topics are made by hand, and an authorizer asks who may write. */
const BROKER = {
  'auto.create.topics.enable': 'false',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
};

for (const kafka of ['3.9.1', '4.1.0'] as const)
  test(`every trouble of Kafka ${kafka} has its name, keeps the ports open, and passes by itself`, async (t) => {
    const broker = await loneBroker({ kafka, broker: BROKER });
    t.after(() => broker.stop());
    await makeTopics(broker.kafka, TOPICS);

    await t.test('down at the start', async (t) => {
      await broker.broker.kill();
      const run = await watchedBridge(t, broker.kafka);
      assert.equal(await run.send(), 200);
      await run.troubled('unreachable', () => Promise.resolve());
      assert.deepEqual(await Promise.all(SIGNALS.map(run.send)), [200, 200, 200]);
      const ack = await watchedBridge(t, broker.kafka, { 'bridge.ack': 'kafka', 'bridge.ack.timeout.ms': '500' });
      assert.equal(await ack.send(), 503);
      await broker.broker.start();
      await run.recovered();
      await until('the other bridge to take requests', async () => ((await ack.send()) === 200 ? true : undefined), NOTICED_MS);
      assert.ok(run.warnings().length > 0 && run.warnings().length <= 6, run.warnings().join('\n'));
      assert.ok(run.ofLibrary().length <= 10, run.ofLibrary().join('\n'));
    });

    await t.test('servers that are dead, or silent, stand before the one that lives', async (t) => {
      const silent = await listen(createServer());
      t.after(() => silent.close());
      const [dead] = await freePorts(1);
      const servers = [dead, silent.port].map((port) => `127.0.0.1:${port}`);
      const run = await watchedBridge(t, [...servers, broker.kafka].join(','), { 'bridge.ack': 'kafka' });
      await run.stores();
      await run.recovered();
    });

    await t.test('frozen', async (t) => {
      const run = await watchedBridge(t, broker.kafka);
      await run.send();
      await run.recovered();
      broker.broker.signal('SIGSTOP');
      try {
        assert.match((await run.troubled('unresponsive', run.send)).sentence, /./);
      } finally {
        broker.broker.signal('SIGCONT');
      }
      await run.recovered();
    });

    await t.test('a topic that is deleted holds up no other, and goes on when it is back', async (t) => {
      const run = await watchedBridge(t, broker.kafka);
      await Promise.all(SIGNALS.map(run.send));
      await run.recovered();
      await withAdmin(broker.kafka, (admin) => admin.deleteTopics({ topics: ['otlp-logs'] }));
      const trouble = await run.troubled('topic-missing', () => run.send('logs'));
      assert.deepEqual([trouble.signal, trouble.topic], ['logs', 'otlp-logs']);
      const before = (await run.document()).counters.RecordsProduced!;
      assert.equal(await run.send('traces'), 200);
      await until('traces to be stored', async () => ((await run.document()).counters.RecordsProduced! > before ? true : undefined));
      await makeTopics(broker.kafka, TOPICS);
      await run.recovered();
    });

    await t.test('permission taken away, and given back', async (t) => {
      const acl = {
        ...{ resourceType: 2, resourceName: 'otlp-metrics', resourcePatternType: 3 },
        ...{ principal: 'User:ANONYMOUS', host: '*', operation: 4, permissionType: 2 },
      };
      const run = await watchedBridge(t, broker.kafka);
      await run.send('metrics');
      await run.recovered();
      await withAdmin(broker.kafka, (admin) => admin.createAcls({ acl: [acl] }));
      assert.equal((await run.troubled('unauthorized', () => run.send('metrics'))).topic, 'otlp-metrics');
      await withAdmin(broker.kafka, async (admin) => void (await admin.deleteAcls({ filters: [acl] })));
      await run.recovered();
    });

    await t.test('a quota', async (t) => {
      const who = ['--entity-type', 'clients', '--entity-name', 'slow-bridge'];
      await kafkaConfigs(broker, ['--alter', '--add-config', 'producer_byte_rate=2000', ...who]);
      const run = await watchedBridge(t, broker.kafka, { 'bridge.kafka.client.id': 'slow-bridge' });
      assert.match((await run.troubled('throttled', run.send)).sentence, /^a quota makes Kafka throttle slow-bridge \(\d+ ms/);
      await kafkaConfigs(broker, ['--alter', '--delete-config', 'producer_byte_rate', ...who]);
      await run.recovered();
    });

    await t.test('partitions that are added are written to', async (t) => {
      const run = await watchedBridge(t, broker.kafka);
      await run.send();
      await run.recovered();
      await withAdmin(broker.kafka, (admin) => admin.createPartitions({ topicPartitions: [{ topic: 'otlp-traces', count: 4 }] }));
      await until(
        'records in every partition',
        async () => {
          await run.send();
          await run.recovered();
          return new Set((await readTopic(broker.kafka, 'otlp-traces')).map(({ partition }) => partition)).size === 4 || undefined;
        },
        NOTICED_MS,
      );
      assert.deepEqual(run.warnings(), []);
    });
  });

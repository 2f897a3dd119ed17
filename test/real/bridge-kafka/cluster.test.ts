import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readBreaks } from '../count/breaks.ts';
import { countedRun } from '../count/count.ts';
import { tallyText } from '../count/tally.ts';
import { startCluster, type Cluster } from '../stand/cluster.ts';
import { makeTopics, withAdmin } from '../stand/kafka-admin.ts';
import { watchedBridge } from './watched-bridge.ts';

const PLAN = { perSecond: 400, connections: 24, bytes: 300 };
const SET = { 'bridge.ack': 'kafka', 'bridge.ack.timeout.ms': '10000', 'bridge.kafka.request.timeout.ms': '3000' };

describe('three brokers', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster('4.1.0');
  });
  after(() => cluster.stop());

  const run = async (seconds: number, breaks: string, set: Record<string, string> = {}) => {
    const events = readBreaks(breaks);
    const result = await countedRun(cluster, { ...PLAN, count: seconds * PLAN.perSecond, breaks: events, set: { ...SET, ...set } });
    assert.deepEqual(result.lost, [], tallyText(result));
    // What was on its way when it happened may be there twice, and nobody has more on its way than its connections.
    assert.ok(result.duplicated <= events.length * PLAN.connections, tallyText(result));
    assert.deepEqual([result.unanswered, result.exit], [0, 0], `the ports stay open\n${tallyText(result)}\n${result.log.slice(-2000)}`);
    return result;
  };

  test('leaders move under load, twice: senders wait for it, and few are refused', async () => {
    const result = await run(20, 'leaders-move@2,leaders-move@8');
    // On a busy machine a move may take longer than the attempts for which it is waited.
    assert.ok(result.refused <= 2 * PLAN.connections, `${tallyText(result)}\n${result.log.slice(-3000)}`);
  });

  test('a broker that leads is killed under load, and comes back', async () => {
    const { acknowledged } = await run(20, 'broker-kill@2:4');
    assert.ok(acknowledged > 8 * PLAN.perSecond, `${acknowledged}`);
  });

  test('all brokers are away for a minute: senders are told to try again, and then are stored again', async () => {
    const { acknowledged, refused, log } = await run(130, 'outage@3:60', { 'bridge.ack.timeout.ms': '1000' });
    assert.ok(refused > PLAN.perSecond && acknowledged > 10 * PLAN.perSecond, `${refused} and ${acknowledged}`);
    assert.match(log, / WARN .* kafka .* does not take (traces|metrics|logs) in time|did not take \d+ messages/);
    assert.match(log, / takes traces again, at attempt /);
  });

  for (const dies of ['the broker that leads', 'the first of the bootstrap servers'] as const)
    test(`too few replicas are in sync since ${dies} died: refused with advice to try again, said, and over by itself`, async (t) => {
      const topic = `all-three-${dies.length}`;
      await makeTopics(cluster.kafka, [
        { topic, numPartitions: 1, replicationFactor: 3, configEntries: [{ name: 'min.insync.replicas', value: '3' }] },
      ]);
      const watched = await watchedBridge(t, cluster.kafka, { ...SET, 'bridge.ack.timeout.ms': '2000', 'kafka.topic.traces': topic });
      await watched.stores();
      const { topics } = await withAdmin(cluster.kafka, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
      const dead = cluster.nodes[dies === 'the broker that leads' ? topics[0]!.partitions[0]!.leader - 1 : 0]!;
      await dead.kill();
      try {
        const { status, retryAfter, trouble, warning } = await watched.refusing('not-writable');
        assert.deepEqual([status, trouble.topic, Number(retryAfter) > 0], [503, topic, true]);
        assert.match(trouble.sentence, /NOT_ENOUGH_REPLICAS/);
        assert.match(warning, /NOT_ENOUGH_REPLICAS/);
      } finally {
        await dead.start();
      }
      await watched.stores();
      await watched.recovered();
    });
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';
import { readBrokerLoad } from '../../../checks/probes/broker-load.ts';
import { listen } from '../../doubles/listen.ts';

/** A place that answers a POST and a GET with these. */
async function place(t: TestContext, { post = '', get = '' }: { post?: string; get?: string }): Promise<URL> {
  const server = createServer((request, response) => {
    const isPost = request.method === 'POST';
    request.resume().on('end', () => {
      const text = isPost ? post : get;
      response.writeHead(text === '' ? 405 : 200, { 'content-type': isPost ? 'application/json' : 'text/plain; version=0.0.4' }).end(text);
    });
  });
  const { port, close } = await listen(server);
  t.after(close);
  return new URL(`http://127.0.0.1:${port}/`);
}
const read = async (url: URL) => readBrokerLoad(url, undefined, 2000);

test('Jolokia: one read each, in the order that was asked; one that is not there is unknown', async (t) => {
  const value = (one: number) => ({ status: 200, value: one, request: {}, timestamp: 1 });
  const answer = [value(2_000_000.5), value(4_000_000), { status: 404, error: 'no such bean', request: {} }, value(0)];
  assert.deepEqual(await read(await place(t, { post: JSON.stringify(answer) })), {
    value: { bytesIn: 2_000_000.5, bytesOut: 4_000_000, idle: null, underReplicated: 0 },
  });
});

test("an exporter's page without rules: the whole broker's series, not those of one topic", async (t) => {
  const get = `kafka_server_BrokerTopicMetrics_OneMinuteRate{name="BytesInPerSec",topic="a"} 7
kafka_server_BrokerTopicMetrics_OneMinuteRate{name="MessagesInPerSec"} 9
kafka_server_BrokerTopicMetrics_OneMinuteRate{name="BytesInPerSec"} 1000
kafka_server_BrokerTopicMetrics_OneMinuteRate{name="BytesOutPerSec"} 3000
kafka_server_KafkaRequestHandlerPool_OneMinuteRate{name="RequestHandlerAvgIdlePercent"} 0.97
kafka_server_ReplicaManager_Value{name="PartitionCount"} 50
kafka_server_ReplicaManager_Value{name="UnderReplicatedPartitions"} 2
`;
  assert.deepEqual(await read(await place(t, { get })), { value: { bytesIn: 1000, bytesOut: 3000, idle: 0.97, underReplicated: 2 } });
});

test('names that a rule made of bean and attribute count too', async (t) => {
  const get =
    'kafka_server_brokertopicmetrics_bytesinpersec_oneminuterate 5\nkafka_server_replicamanager_underreplicatedpartitions_value 0\n';
  assert.deepEqual(await read(await place(t, { get })), { value: { bytesIn: 5, bytesOut: null, idle: null, underReplicated: 0 } });
});

test('a place that is no broker is said to be none, and one that refuses to refuse', async (t) => {
  const other = await read(await place(t, { get: 'up 1\n' }));
  assert.ok('failure' in other && other.failure === 'absent' && other.detail.includes('none of the metrics of a broker'));
  const refused = await read(new URL('http://127.0.0.1:1/'));
  assert.ok('failure' in refused && refused.failure === 'refused');
});

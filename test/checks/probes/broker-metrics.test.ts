import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { kafkaHome } from '../../doubles/jmx-tool.ts';
import { listen } from '../../doubles/listen.ts';
import { factOf } from '../../doubles/settings.ts';

const SEEN = { messagesIn: 4711, bytesIn: 900_000, bytesOut: 1_800_000, handlerIdle: 0.98, underReplicated: 0 };

/** One look at a page or an agent that answers this to everything. */
async function asked(path: string, answer: string, { status = 200, type = 'text/plain' } = {}) {
  let body = '';
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => response.writeHead(status, { 'content-type': type }).end(answer));
  });
  const { port, close } = await listen(server);
  try {
    const fact = await factOf('kafka.load', { connectUrl: null, kafkaMetricsUrl: new URL(`http://127.0.0.1:${port}${path}`) });
    return { fact, body };
  } finally {
    await close();
  }
}

const PAGES: readonly [string, string][] = [
  [
    "jmx_exporter's default names",
    `# TYPE kafka_server_BrokerTopicMetrics_Count untyped
kafka_server_BrokerTopicMetrics_Count{name="MessagesInPerSec",topic="otlp-traces",} 11.0
kafka_server_BrokerTopicMetrics_Count{name="MessagesInPerSec",} 4711.0
kafka_server_BrokerTopicMetrics_OneMinuteRate{name="MessagesInPerSec",} 3.0
kafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec",} 900000.0
kafka_server_BrokerTopicMetrics_Count{name="BytesOutPerSec",} 1800000.0
kafka_server_KafkaRequestHandlerPool_Count{name="RequestHandlerAvgIdlePercent",} 5.5E12
kafka_server_KafkaRequestHandlerPool_OneMinuteRate{name="RequestHandlerAvgIdlePercent",} 0.98
kafka_server_ReplicaManager_Value{name="UnderReplicatedPartitions",} 0.0
kafka_server_ReplicaManager_Value{name="LeaderCount",} 53.0
`,
  ],
  [
    'the names of common rules',
    `kafka_server_brokertopicmetrics_messagesin_total{topic="otlp-traces"} 11
kafka_server_brokertopicmetrics_messagesin_total 4711
kafka_server_brokertopicmetrics_bytesin_total 900000
kafka_server_brokertopicmetrics_bytesout_total 1800000
kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent 0.98
kafka_server_replicamanager_underreplicatedpartitions 0
`,
  ],
];
for (const [what, page] of PAGES)
  test(`a page with ${what}`, async () => {
    const { fact } = await asked('/metrics', page);
    assert.ok('value' in fact, JSON.stringify(fact));
    assert.deepEqual(fact.value.samples[0]?.values, SEEN);
    assert.deepEqual(fact.value.absent, []);
  });

test('Jolokia is asked for the beans in one request; one that is not there is absent', async () => {
  const value = (number: number) => ({ status: 200, request: {}, value: number });
  const { fact, body } = await asked(
    '/jolokia/',
    JSON.stringify([value(4711), value(900_000), value(1_800_000), { status: 404, error: 'no bean' }, value(0)]),
  );
  assert.ok('value' in fact, JSON.stringify(fact));
  assert.deepEqual(fact.value.samples[0]?.values, { messagesIn: 4711, bytesIn: 900_000, bytesOut: 1_800_000, underReplicated: 0 });
  assert.deepEqual(fact.value.absent, ['handlerIdle']);
  assert.deepEqual(
    (JSON.parse(body) as { mbean: string }[]).map(({ mbean }) => mbean.split('name=')[1]),
    ['MessagesInPerSec', 'BytesInPerSec', 'BytesOutPerSec', 'RequestHandlerAvgIdlePercent', 'UnderReplicatedPartitions'],
  );
});

test('a page of something else, an error and a web page are no idle broker', async () => {
  const of = async (...how: Parameters<typeof asked>) => {
    const { fact } = await asked(...how);
    assert.ok('failure' in fact, JSON.stringify(fact));
    return [fact.failure, fact.detail];
  };
  assert.deepEqual(await of('/metrics', 'up 1\n'), ['absent', 'the source answers and has none of the metrics of a Kafka broker']);
  assert.deepEqual((await of('/metrics', 'no', { status: 500 })).slice(0, 1), ['http']);
  assert.deepEqual(await of('/jolokia/', '<html>'), ['malformed', 'the answer is not JSON, so it is not of Jolokia']);
  assert.deepEqual(await of('/jolokia/', '{}'), ['malformed', 'JSON, but not an answer of Jolokia']);
  const none = await factOf('kafka.load', { connectUrl: null });
  assert.ok('unasked' in none && none.unasked === 'skipped' && none.give === '--kafka-metrics-url URL or --kafka-jmx-url URL');
});

test("over JMX it is Kafka's own tool that is asked, for the beans of the whole broker", async () => {
  const home = kafkaHome(`cat <<'END'
time=1795449923000
kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec:Count=4711
kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec:OneMinuteRate=3.0
kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec:Count=900000
kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec:Count=1800000
kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent:OneMinuteRate=0.98
kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions:Value=0
END`);
  try {
    const url = 'service:jmx:rmi:///jndi/rmi://b1:9999/jmxrmi';
    const fact = await factOf('kafka.load', { connectUrl: null, kafkaJmxUrl: url }, { env: home.env });
    assert.ok('value' in fact, JSON.stringify(fact));
    assert.deepEqual(fact.value.samples[0]?.values, SEEN);
    assert.match(home.calls()[0]!, /--object-name kafka\.server:type=BrokerTopicMetrics,name=MessagesInPerSec .*--jmx-url service:jmx/);
  } finally {
    home.remove();
  }
});

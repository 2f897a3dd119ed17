import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { gather, probesFor } from '../../../checks/gather.ts';
import type { Facts } from '../../../checks/facts/index.ts';
import { asJolokia, readJmxTool } from '../../../checks/probes/jmx-tool-text.ts';
import { readJolokia } from '../../../checks/probes/jolokia.ts';
import { quote } from '../../../checks/probes/jolokia-names.ts';
import { kafkaHome, onlyClass, type KafkaHome } from '../../doubles/jmx-tool.ts';
import { said, settings } from '../../doubles/settings.ts';

const RECORDED = new URL('../../../fixtures/recorded/metrics/', import.meta.url);
const recorded = (name: string): string => readFileSync(new URL(name, RECORDED), 'utf8');
const path = (name: string): string => new URL(name, RECORDED).pathname;
const URL_OF_JMX = 'service:jmx:rmi:///jndi/rmi://127.0.0.1:9999/jmxrmi';

const homes: KafkaHome[] = [];
after(() => homes.forEach((home) => home.remove()));
const home = (script: string): KafkaHome => {
  const made = kafkaHome(script);
  homes.push(made);
  return made;
};
const look = (env: Record<string, string>, over: Parameters<typeof settings>[0] = {}, connector = 'otlp-source'): Promise<Facts> =>
  gather({ connectUrl: null, connector, jmxUrl: URL_OF_JMX }, settings({ timeoutMs: 9000, env, ...over }), probesFor(['metrics']));
const printing = (name: string): string => `cat '${path(name)}'`;

test('properties of Kafka 3.9: numbers by name, whatever quotes and signs are in the object name', () => {
  const { at, beans } = readJmxTool(recorded('jmxtool-3.9-properties.txt'));
  assert.equal(at, 1_795_452_770_337);
  assert.deepEqual([...beans.keys()], ['io.conduktor.connect.otel:type=OpenTelemetryConnector,name="otlp-source"']);
  const { metrics } = readJolokia(asJolokia(readJmxTool(recorded('jmxtool-3.9-properties.txt'))), 'otlp-source');
  assert.ok('value' in metrics);
  assert.deepEqual([metrics.value.connectors, metrics.value.missing], [['otlp-source'], []]);
  assert.deepEqual([metrics.value.values['TracesReceived'], metrics.value.values['DropRate']], [3, 0]);
  assert.equal('ConnectorName' in metrics.value.values, false);
});

test('names and values with every sign that parts a line', () => {
  const sign = fc.constantFrom(...'aZ0-_.:=,"*?\\ {}'.split(''));
  fc.assert(
    fc.property(fc.array(sign, { minLength: 1, maxLength: 12 }), fc.array(sign, { maxLength: 12 }), (name, value) => {
      const object = `io.conduktor.connect.otel:type=OpenTelemetryConnector,name=${quote(name.join(''))}`;
      const { beans } = readJmxTool(`${object}:ConnectorName=x${value.join('')}\n${object}:LogsReceived=7\n`);
      assert.deepEqual([...beans], [[object, { ConnectorName: `x${value.join('')}`, LogsReceived: 7 }]]);
    }),
  );
});

test('a composite is read by its parts, and NaN is no number', () => {
  const type = 'compositeType=javax.management.openmbean.CompositeType(name=x,items=((itemName=max,itemType=y)))';
  const text = [
    `java.lang:type=Memory:HeapMemoryUsage=javax.management.openmbean.CompositeDataSupport(${type},contents={committed=4, init=-1, max=10, used=3})`,
    'java.lang:type=OperatingSystem:OpenFileDescriptorCount=12',
    'java.lang:type=OperatingSystem:CpuLoad=1.0E-4',
    'kafka.producer:type=producer-metrics,client-id=connector-producer-a-0:request-latency-avg=NaN',
    'kafka.producer:type=producer-metrics,client-id=connector-producer-a-0:record-send-total=1.2E3',
    'a line of nobody',
  ].join('\n');
  const { 'jmx.jvm': jvm, 'jmx.producer': producer } = readJolokia(asJolokia(readJmxTool(text)), 'a');
  assert.deepEqual(jvm, {
    value: {
      values: {
        'HeapMemoryUsage.committed': 4,
        'HeapMemoryUsage.max': 10,
        'HeapMemoryUsage.used': 3,
        OpenFileDescriptorCount: 12,
      },
      missing: [],
    },
  });
  assert.deepEqual(producer, { value: { values: { 'record-send-total': 1200 }, missing: ['request-latency-avg'] } });
});

test('one reading: the class of 4.x is asked first, what it prints are facts at the time it says', async () => {
  const kafka = home(printing('jmxtool-3.9-properties.txt'));
  const { metrics, 'jmx.task': task } = await look(kafka.env);
  assert.ok('value' in metrics);
  assert.deepEqual([metrics.source, metrics.value.kind, metrics.value.url], [`JmxTool ${URL_OF_JMX}`, 'jmx', URL_OF_JMX]);
  assert.deepEqual(
    metrics.value.samples.map(({ at, values }) => [at, values['TracesReceived']]),
    [[1_795_452_770_337, 3]],
  );
  assert.deepEqual(said(task), { source: `JmxTool ${URL_OF_JMX}`, failure: 'absent', detail: 'no source-task-metrics of this connector' });
  const [call, ...more] = kafka.calls();
  assert.deepEqual(more, []);
  assert.match(
    call ?? '',
    /^org\.apache\.kafka\.tools\.JmxTool --object-name io\.conduktor\.connect\.otel:type=OpenTelemetryConnector,\* /,
  );
  assert.match(
    call ?? '',
    / --one-time true --report-format properties --jmx-url service:jmx:rmi:\/\/\/jndi\/rmi:\/\/127\.0\.0\.1:9999\/jmxrmi$/,
  );
});

test('the class before 3.5 is taken where the new one is not there, and is known then', async () => {
  const kafka = home(
    onlyClass(
      'kafka.tools.JmxTool',
      `echo "WARNING: The 'kafka.tools' package is deprecated" >&2
       echo "time=$(date +%s)000"; grep -v ^time '${path('jmxtool-3.9-properties.txt')}'`,
    ),
  );
  const { metrics } = await look(kafka.env, { windowMs: 1500, now: Date.now });
  assert.ok('value' in metrics);
  assert.equal(metrics.value.samples.length, 2, 'a window has two readings');
  assert.deepEqual(
    kafka.calls().map((call) => call.split(' ')[0]),
    ['org.apache.kafka.tools.JmxTool', 'kafka.tools.JmxTool', 'kafka.tools.JmxTool'],
  );
});

test("a worker's own settings do not reach the tool", async () => {
  const kafka = home(`env >"$KAFKA_HOME/bin/seen"; ${printing('jmxtool-3.9-properties.txt')}`);
  await look({ ...kafka.env, JMX_PORT: '9999', KAFKA_OPTS: '-javaagent:x', KAFKA_JMX_OPTS: '-Dx', KAFKA_HEAP_OPTS: '-Xmx8g' });
  const seen = readFileSync(`${kafka.folder}/bin/seen`, 'utf8');
  assert.doesNotMatch(seen, /^(?:JMX_PORT|KAFKA_OPTS|KAFKA_JMX_OPTS)=/m);
  assert.match(seen, /^KAFKA_HEAP_OPTS=-Xmx256M$/m);
});

test('refused: told by the first line, without waiting for the ten seconds that JmxTool tries', async () => {
  const kafka = home(`cat '${path('jmxtool-3.9-refused.txt')}' >&2; exec sleep 30`);
  const { metrics } = await look(kafka.env);
  assert.deepEqual(said(metrics), {
    source: `JmxTool ${URL_OF_JMX}`,
    failure: 'refused',
    detail: 'connection refused at 127.0.0.1:9999',
  });
  assert.ok(metrics.ms < 2500, `${metrics.ms} ms`);
});

/** What JmxTool says (Kafka 4.1.0, Java 17) → the fact. */
const EXCEPTION = `Could not connect to JMX url: ${URL_OF_JMX}. Exception:`;
const SAYS: readonly (readonly [what: string, stderr: string, fact: Record<string, string>])[] = [
  [
    'a password',
    `${EXCEPTION} Authentication failed! Credentials required.`,
    {
      failure: 'denied',
      detail: 'JMX at 127.0.0.1:9999 wants a user and a password, which JmxTool could only be given in sight of everybody',
    },
  ],
  [
    'no such name',
    `${EXCEPTION} Failed to retrieve RMIServer stub: javax.naming.ConfigurationException [Root exception is java.rmi.UnknownHostException: Unknown host: nowhere.invalid; nested exception is: `,
    { failure: 'name', detail: 'nowhere.invalid does not resolve' },
  ],
  [
    'a stub that leads elsewhere',
    `${EXCEPTION} Connection refused to host: 10.0.0.7; nested exception is:`,
    {
      failure: 'refused',
      detail: 'connection refused at 10.0.0.7, where the registry at 127.0.0.1:9999 says that JMX is (java.rmi.server.hostname)',
    },
  ],
  [
    'nothing registered',
    'No matched attributes for the queried objects [io.conduktor.connect.otel:type=OpenTelemetryConnector,*].',
    { failure: 'absent', detail: 'no metrics of otlp-source: the source has no bean of an OTLP connector' },
  ],
  [
    'something new',
    'Exception in thread "main" java.lang.Error: what now',
    { failure: 'malformed', detail: 'ended with exit code 1: Exception in thread "main" java.lang.Error: what now' },
  ],
  [
    'no Java',
    'kafka-run-class.sh: line 346: exec: java: not found',
    { unasked: 'unknown', reason: 'kafka-run-class finds no Java to run JmxTool with', give: 'JAVA_HOME' },
  ],
];
for (const [what, stderr, fact] of SAYS)
  test(`JmxTool says: ${what}`, async () => {
    const kafka = home(`echo '${stderr}' >&2; exit 1`);
    const { metrics } = await look(kafka.env);
    const { detail, ...rest } = said(metrics);
    const shown = typeof detail === 'string' ? { detail: detail.replace(`${kafka.folder}/bin/kafka-run-class.sh `, '') } : {};
    assert.deepEqual({ ...rest, ...shown }, { source: `JmxTool ${URL_OF_JMX}`, ...fact });
  });

test('another connector of the same worker is listed and never counted', async () => {
  const { metrics } = await look(home(printing('jmxtool-3.9-properties.txt')).env, {}, 'otlp-b');
  assert.deepEqual(said(metrics), {
    source: `JmxTool ${URL_OF_JMX}`,
    failure: 'absent',
    detail: 'no metrics of otlp-b: the source has beans of otlp-source',
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { diagnose } from '../../../checks/diagnose.ts';
import { gather, probesFor } from '../../../checks/gather.ts';
import type { Facts, Json } from '../../../checks/facts/index.ts';
import { kafkaHome, type KafkaHome } from '../../doubles/jmx-tool.ts';
import { listen, type Double } from '../../doubles/listen.ts';
import { said, settings } from '../../doubles/settings.ts';

const JMX_URL = 'service:jmx:rmi:///jndi/rmi://127.0.0.1:9999/jmxrmi';
const open: Double[] = [];
const homes: KafkaHome[] = [];
after(async () => {
  await Promise.all(open.map((one) => one.close()));
  homes.forEach((home) => home.remove());
});

const recorded = (name: string): string => readFileSync(new URL(`../../../fixtures/recorded/metrics/${name}`, import.meta.url), 'utf8');

/** Jolokia whose n-th answer has the n-th number of received traces; the last one stays. */
async function agent(received: readonly number[]): Promise<{ url: URL; reads(): number }> {
  let reads = 0;
  const absent = { status: 404, error: 'no such bean' };
  const server = await listen(
    createServer((_request, response) => {
      const traces = received[Math.min(reads++, received.length - 1)]!;
      const [first] = JSON.parse(recorded('jolokia-2.6-bulk.json')) as { value: Record<string, Record<string, Json>> }[];
      const bean = Object.values(first!.value)[0]!;
      Object.assign(bean, { TracesReceived: traces, RecordsProduced: traces, TotalMessagesReceived: traces });
      response.end(JSON.stringify([first, absent, absent, absent, absent, absent]));
    }),
  );
  open.push(server);
  return { url: new URL(`http://127.0.0.1:${server.port}/jolokia/`), reads: () => reads };
}

async function page(): Promise<URL> {
  const server = await listen(
    createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(recorded('jmx_exporter-default.txt')),
    ),
  );
  open.push(server);
  return new URL(`http://127.0.0.1:${server.port}/metrics`);
}

/** JmxTool that prints the recorded bean with this many traces, at its own time now. */
function tool(traces: number): KafkaHome {
  const text = recorded('jmxtool-3.9-properties.txt')
    .replace(/^time=.*\n/, '')
    .replace(/(:TracesReceived|:RecordsProduced|:TotalMessagesReceived)=\d+/g, `$1=${traces}`);
  const home = kafkaHome(`sleep 0.05; echo "time=$(date +%s%3N)"; sleep 0.05; cat <<'END'\n${text}END`);
  homes.push(home);
  return home;
}

const look = (metricsUrl: URL, home: KafkaHome, over: Parameters<typeof settings>[0] = {}): Promise<Facts> =>
  gather(
    { connectUrl: null, connector: 'otlp-source', metricsUrl, jmxUrl: JMX_URL },
    settings({ timeoutMs: 9000, env: home.env, now: Date.now, given: ['metrics-url', 'jmx-url'], ...over }),
    probesFor(['metrics']),
  );
const ids = (facts: Facts): string[] => diagnose(facts).diagnoses.map(({ id }) => id);
const metricsOf = (facts: Facts) => {
  assert.ok('value' in facts.metrics, JSON.stringify(facts.metrics));
  return facts.metrics.value;
};

test('both agree: Jolokia is used, JMX was read too, and nothing is asked twice', async () => {
  const jolokia = await agent([7]);
  const facts = await look(jolokia.url, tool(7));
  const { kind, samples, others, check } = metricsOf(facts);
  assert.deepEqual([kind, samples.length, check, jolokia.reads()], ['jolokia', 1, undefined, 1]);
  assert.deepEqual(
    others?.map(({ source, samples: read }) => [source, read[0]?.values['TracesReceived']]),
    [[`JmxTool ${JMX_URL}`, 7]],
  );
  assert.ok(!ids(facts).includes('metrics-disagree'));
  const step = diagnose(facts).steps.find(({ id }) => id === 'metrics-source');
  assert.match(step?.sentence ?? '', /; JmxTool service:jmx:\S+ was read too\.$/);
});

test('traffic between the readings is no disagreement: a third reading shows it', async () => {
  const jolokia = await agent([7, 30]);
  const facts = await look(jolokia.url, tool(20));
  assert.equal(jolokia.reads(), 2);
  assert.equal(metricsOf(facts).samples.length, 1, 'it makes no rate');
  assert.equal(metricsOf(facts).check?.values['TracesReceived'], 30);
  assert.ok(!ids(facts).includes('metrics-disagree'));
});

test('counters that no traffic explains disagree, in either direction and with a window', async () => {
  for (const [jolokia, jmx, windowMs] of [
    [[300, 302], 12, 0],
    [[7, 8], 500, 0],
    [[300, 301, 302], 12, 1000],
  ] as const) {
    const facts = await look((await agent(jolokia)).url, tool(jmx), { windowMs });
    const { diagnoses, status } = diagnose(facts);
    const found = diagnoses.find(({ id }) => id === 'metrics-disagree');
    assert.match(
      found?.sentence ?? '',
      new RegExp(`^Two sources of the metrics disagree: TracesReceived is \\d+ by POST http://\\S+ and ${jmx} by JmxTool service:jmx`),
    );
    assert.deepEqual([found?.scope, found?.status, status], ['observer', 'unknown', 'unknown']);
  }
});

test('a restart between the readings explains everything', async () => {
  const facts = await look((await agent([300, 4])).url, tool(2));
  assert.ok(!ids(facts).includes('metrics-disagree'));
});

test("JMX is richer than an exporter's page, which is compared with it all the same", async () => {
  const facts = await look(await page(), tool(500));
  const { kind, others } = metricsOf(facts);
  assert.deepEqual([kind, others?.[0]?.kind, others?.[0]?.samples.length], ['jmx', 'prometheus', 2]);
  assert.ok(ids(facts).includes('metrics-disagree'));
});

test('one that fails leaves the word to the other, and is named', async () => {
  const broken = kafkaHome('echo "Could not connect to JMX url: x. Exception: Connection refused to host: 127.0.0.1;" >&2; exec sleep 20');
  homes.push(broken);
  const facts = await look((await agent([7])).url, broken);
  assert.deepEqual(metricsOf(facts).others, [
    { source: `JmxTool ${JMX_URL}`, kind: 'jmx', samples: [], detail: 'connection refused at 127.0.0.1:9999' },
  ]);
  const other = await look(new URL('http://127.0.0.1:9/jolokia/'), tool(7));
  assert.deepEqual([metricsOf(other).kind, metricsOf(other).others?.[0]?.detail], ['jmx', 'connect ECONNREFUSED 127.0.0.1:9']);
});

test('both fail: the reasons of both', async () => {
  const facts = await look(new URL('http://127.0.0.1:9/jolokia/'), { ...tool(7), env: { PATH: '/nonexistent' } });
  const fact = said(facts.metrics);
  assert.equal(fact['failure'], 'refused');
  assert.match(
    String(fact['detail']),
    /^connect ECONNREFUSED 127\.0\.0\.1:9; JmxTool service:jmx:\S+: JMX is read by Kafka's JmxTool, and/,
  );
});

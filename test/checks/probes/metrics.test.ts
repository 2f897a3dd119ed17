import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { gather, probesFor } from '../../../checks/gather.ts';
import type { Facts, Json } from '../../../checks/facts/index.ts';
import { readBridgeJson } from '../../../checks/probes/bridge-json.ts';
import { findMetrics } from '../../../checks/probes/metrics-search.ts';
import { METRICS_PATH } from '../../../proto/vocabulary/connect.ts';
import type { Look } from '../../../checks/probes/probe.ts';
import type { Target } from '../../../checks/target.ts';
import { ANSWERS, double } from '../../doubles/double.ts';
import { listen, type Double } from '../../doubles/listen.ts';
import { factOf, said, settings } from '../../doubles/settings.ts';
import { loadRecording } from '../../recorded.ts';

type Reply = { status?: number; type?: string; body: string | Json };
const open: Double[] = [];
after(() => Promise.all(open.map((one) => one.close())));

/** A server of metrics: each request as `METHOD path` or `METHOD path BODY`, answered by path; the n-th answer where there are several. */
async function serving(answers: Record<string, Reply | Reply[]>): Promise<{ url: (path: string) => URL; asked: string[]; bodies: Json[] }> {
  const asked: string[] = [];
  const bodies: Json[] = [];
  const started = await listen(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = (request.url ?? '').split('?')[0]!;
        const before = asked.filter((one) => one.split('?')[0] === `${request.method} ${path}`).length;
        asked.push(`${request.method} ${request.url}`);
        if (chunks.length > 0) bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Json);
        const found = answers[path] ?? { status: 404, type: 'text/plain', body: 'nothing here' };
        const { status = 200, type = 'application/json', body } = Array.isArray(found) ? found[Math.min(before, found.length - 1)]! : found;
        response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    }),
  );
  open.push(started);
  return { url: (path) => new URL(path, `http://127.0.0.1:${started.port}`), asked, bodies };
}

const bridge = (connector: string, received: number): Json => ({
  connector,
  counters: { TracesReceived: received, TracesDropped: 0, TracesRefused: 2, RecordsProduced: received - 1 },
  gauges: { TracesQueueSize: 1, QueueCapacity: 10000, MaxQueueUtilizationPercent: 0.01 },
  derived: { TotalLagCount: 1, DropRate: 0 },
  startedAt: '2026-11-23T15:00:00.000Z',
});

/** The recorded single answers as the bulk that was asked for. */
const recordedBulk = (name: string): Json => {
  const { jolokia } = loadRecording(name);
  return Object.values(jolokia).map((entry) => (Array.isArray(entry) ? entry.at(-1)! : entry).body);
};

const target = (metricsUrl: URL, connector = 'otlp-source'): Target => ({ connectUrl: null, connector, metricsUrl });
const all = async (of: Target, over: Parameters<typeof settings>[0] = {}): Promise<Facts> =>
  gather(of, settings(over), probesFor(['metrics']));

test('the JSON of a bridge: its values, live gauges, and when its counters began', async () => {
  const { url, asked } = await serving({ '/metrics.json': { body: bridge('otlp-source', 5) } });
  const facts = await all(target(url('/metrics.json')));
  assert.deepEqual(said(facts.metrics), {
    source: `GET ${url('/metrics.json?connector=otlp-source')}`,
    value: {
      kind: 'bridge',
      url: url('/metrics.json').href,
      samples: [
        {
          at: 1_795_449_923_000,
          values: {
            TotalLagCount: 1,
            DropRate: 0,
            TracesQueueSize: 1,
            QueueCapacity: 10000,
            MaxQueueUtilizationPercent: 0.01,
            TracesReceived: 5,
            TracesDropped: 0,
            TracesRefused: 2,
            RecordsProduced: 4,
          },
        },
      ],
      absent: [
        'MetricsReceived',
        'LogsReceived',
        'MetricsDropped',
        'LogsDropped',
        'MetricsQueueSize',
        'LogsQueueSize',
        'TotalMessagesReceived',
        'TotalMessagesDropped',
      ],
      dead: [],
      connectors: ['otlp-source'],
      startedAt: Date.parse('2026-11-23T15:00:00.000Z'),
    },
  });
  assert.deepEqual(said(facts['jmx.task']), {
    source: `GET ${url('/metrics.json?connector=otlp-source')}`,
    unasked: 'skipped',
    reason: 'a bridge has no JVM',
  });
  assert.deepEqual(asked, ['GET /metrics.json?connector=otlp-source']);
});

test('one POST gives the five facts of Jolokia, exactly as they were recorded', async () => {
  const { url, asked, bodies } = await serving({ '/jolokia/': { type: 'text/plain', body: recordedBulk('healthy-with-traffic') } });
  const facts = await all(target(url('/jolokia')));
  const { metrics, 'jmx.task': task, 'jmx.errors': errors, 'jmx.producer': producer, 'jmx.jvm': jvm } = facts;
  assert.ok('value' in metrics && 'value' in task && 'value' in errors && 'value' in producer && 'value' in jvm);
  assert.deepEqual([metrics.value.kind, metrics.value.samples[0]?.values['TracesReceived']], ['jolokia', 275]);
  assert.equal(task.value.samples[0]?.values['source-record-poll-total'], 270);
  assert.equal(errors.value.samples[0]?.values['total-record-errors'], 0);
  assert.equal(producer.value.samples[0]?.values['record-send-total'], 270);
  assert.equal(jvm.value.samples[0]?.values['OpenFileDescriptorCount'], 175);
  assert.deepEqual(asked, ['POST /jolokia/']);
  assert.equal((bodies[0] as Json[]).length, 6);
  assert.ok((bodies[0] as { type: string }[]).every(({ type }) => type === 'read'));
});

test('the address alone is enough: what answers there is recognised', async () => {
  const agent = await serving({ '/jolokia/': { body: recordedBulk('healthy-idle') } });
  const metrics = await factOf('metrics', target(agent.url('/')));
  assert.ok('value' in metrics);
  assert.deepEqual([metrics.value.kind, metrics.value.url], ['jolokia', agent.url('/jolokia/').href]);
  const lost = { status: 404, body: { error: 'nothing is here', connectors: [] } };
  const service = await serving({ '/': lost, '/metrics.json': { body: bridge('otlp-source', 4) } });
  const below = await factOf('metrics', target(service.url('/')));
  assert.ok('value' in below);
  assert.deepEqual([below.value.kind, below.value.url], ['bridge', service.url('/metrics.json').href]);
  const behind = await serving({ '/some/path': { body: bridge('otlp-source', 3) } });
  const other = await factOf('metrics', target(behind.url('/some/path')));
  assert.ok('value' in other);
  assert.equal(other.value.kind, 'bridge');
});

test('Prometheus text is recognised and not read', async () => {
  const text = readFileSync(new URL('../../../fixtures/recorded/metrics/jmx_exporter-default.txt', import.meta.url), 'utf8');
  const { url } = await serving({
    '/metrics': { type: 'text/plain; version=0.0.4', body: text },
    '/plain': { type: 'text/plain', body: text },
  });
  for (const path of ['/metrics', '/plain']) {
    assert.deepEqual(said(await factOf('metrics', target(url(path)))), {
      source: `GET ${url(path)}`,
      unasked: 'unknown',
      reason: 'Prometheus text is not read by this version',
      give: '--metrics-url http://127.0.0.1:8778/jolokia/',
    });
  }
});

test('a bridge that has no such connector, or no running task, has no metrics of it', async () => {
  const message = 'otlp-source has no running task, and its metrics live with the task';
  const body = { error: message, connectors: ['otlp-source'] };
  const { url } = await serving({ '/metrics.json': { status: 404, body } });
  assert.deepEqual(said(await factOf('metrics', target(url('/metrics.json')))), {
    source: `GET ${url('/metrics.json?connector=otlp-source')}`,
    failure: 'absent',
    detail: `the bridge says: ${message}`,
    status: 404,
    body,
  });
  assert.deepEqual(readBridgeJson(bridge('otlp-b', 1), 'otlp-source'), {
    failure: 'absent',
    detail: 'the metrics are those of otlp-b, not of otlp-source',
  });
  assert.deepEqual(readBridgeJson({ connector: 'x' }, 'x'), {
    failure: 'malformed',
    detail: 'not the metrics of a bridge: counters and gauges are missing',
  });
});

test('a page, a foreign document, a wish for a password: each is what it is', async () => {
  for (const [kind, failure, detail] of [
    ['page', 'malformed', 'a web page instead of JSON'],
    ['foreign-json', 'malformed', 'JSON, but neither the metrics of a bridge nor Jolokia'],
    ['not-json', 'malformed', 'neither JSON nor Prometheus text'],
    ['unauthorized', 'http', 'HTTP 401: User cannot access the resource.'],
  ] as const) {
    const server = await double(kind);
    open.push(server);
    const fact = await factOf('metrics', target(new URL(`http://user:secret@127.0.0.1:${server.port}/stats`)));
    assert.ok('failure' in fact, kind);
    assert.deepEqual([fact.failure, fact.detail], [failure, detail], kind);
    assert.equal(JSON.stringify(fact).includes('secret'), false);
  }
});

test('a window gives a sample a second; one that fails is a gap', async () => {
  const { url } = await serving({
    '/metrics.json': [
      { body: bridge('otlp-source', 5) },
      { status: 500, type: 'text/plain', body: 'out of order' },
      { body: bridge('otlp-source', 25) },
    ],
  });
  let clock = 1_795_449_923_000;
  const began = performance.now();
  const facts = await all(target(url('/metrics.json')), { windowMs: 2000, timeoutMs: 6000, now: () => clock++ });
  const took = performance.now() - began;
  const { metrics } = facts;
  assert.ok('value' in metrics);
  assert.deepEqual(
    metrics.value.samples.map(({ values }) => values['TracesReceived']),
    [5, 25],
  );
  assert.deepEqual(
    metrics.value.gaps?.map(({ detail }) => detail),
    ['HTTP 500, text/plain'],
  );
  assert.ok(took >= 1990 && took < 3500, `${took} ms`);
});

/** The search with its usual ports led to these doubles: no test may lean on 9464 and 8778 being free. */
async function search(ports: Record<number, number>, kind: 'connector' | 'bridge' | 'unknown', asked: string[] = []) {
  const { openHttp } = await import('../../../checks/probes/ask.ts');
  const http = openHttp();
  const signal = new AbortController().signal;
  const look = {
    target: { connectUrl: null },
    settings: settings(),
    deadlineMs: 400,
    ask: (request: Parameters<Look['ask']>[0]) => {
      const url = new URL(request.url);
      asked.push(url.port);
      url.port = String(ports[Number(url.port)] ?? 1);
      return http.ask({ ...request, url }, { signal, deadlineMs: 400, count: () => undefined });
    },
  } as unknown as Look;
  try {
    return await findMetrics(look, { host: '127.0.0.1', connector: 'otlp-source', kind }, signal);
  } finally {
    http.close();
  }
}

test('nothing given: the usual places are looked at, and a bridge comes before an agent', async () => {
  const agent = await serving({ [METRICS_PATH.jolokia]: { body: recordedBulk('healthy-idle') } });
  const service = await serving({ [METRICS_PATH.json]: { body: bridge('otlp-source', 5) } });
  const port = (of: { url: (path: string) => URL }): number => Number(of.url('/').port);
  const refused = (await double('refused')).port;

  const both = await search({ 9464: port(service), 8778: port(agent) }, 'unknown');
  assert.ok('first' in both);
  assert.deepEqual([both.source.kind, both.assumed], ['bridge', true]);
  const one = await search({ 9464: refused, 8778: port(agent) }, 'unknown');
  assert.ok('first' in one);
  assert.equal(one.source.kind, 'jolokia');

  const asked: string[] = [];
  await search({ 9464: port(service), 8778: port(agent) }, 'connector', asked);
  await search({ 9464: port(service), 8778: port(agent) }, 'bridge', asked);
  assert.deepEqual(asked, ['8778', '9464']);
});

test('a bridge without this connector yields to an agent that has it', async () => {
  const agent = await serving({ [METRICS_PATH.jolokia]: { body: recordedBulk('healthy-idle') } });
  const other = await serving({
    [METRICS_PATH.json]: { status: 404, body: { error: 'there is no connector otlp-source', connectors: ['demo'] } },
  });
  const found = await search({ 9464: Number(other.url('/').port), 8778: Number(agent.url('/').port) }, 'unknown');
  assert.ok('first' in found);
  assert.equal(found.source.kind, 'jolokia');
});

test('nothing at the usual places is skipped; what hangs or wants a password there is a finding about an assumed place', async () => {
  const refused = (await double('refused')).port;
  const [page, locked, hang] = [await double('page'), await double('unauthorized'), await double('hang')];
  open.push(page, locked, hang);
  assert.ok(ANSWERS.page.includes('text/html'));
  const none = await search({ 9464: refused, 8778: page.port }, 'unknown');
  assert.deepEqual(none, {
    source: 'metrics',
    none: {
      unasked: 'skipped',
      reason: 'nothing answers as a bridge at http://127.0.0.1:9464/metrics.json or Jolokia at http://127.0.0.1:8778/jolokia/',
      give: '--metrics-url URL',
    },
  });
  for (const [server, failure] of [
    [locked, 'http'],
    [hang, 'timeout'],
  ] as const) {
    const found = await search({ 9464: refused, 8778: server.port }, 'connector');
    assert.ok('first' in found && 'failure' in found.first.metrics);
    assert.deepEqual([found.assumed, found.first.metrics.failure], [true, failure]);
  }
});

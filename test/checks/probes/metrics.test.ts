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

const page = (name: string): string => readFileSync(new URL(`../../../fixtures/recorded/metrics/${name}`, import.meta.url), 'utf8');
const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

test('a page of Prometheus text is known by its type or its lines, and the page that told it is the first reading', async () => {
  const { url, asked } = await serving({
    '/metrics': { type: TEXT, body: page('jmx_exporter-worker.txt') },
    '/plain': { type: 'text/plain', body: page('jmx_exporter-lower.txt') },
    '/open': { type: OPEN_METRICS, body: page('jmx_exporter-runbook.openmetrics.txt') },
  });
  for (const [path, received] of [
    ['/metrics', 275],
    ['/plain', 3],
    ['/open', 3],
  ] as const) {
    const { metrics, 'jmx.task': task } = await all(target(url(path)));
    assert.ok('value' in metrics, path);
    const { absent, connectors, dead, kind, samples } = metrics.value;
    assert.deepEqual(
      [metrics.source, metrics.value.url, kind, absent, connectors, dead.length],
      [`GET ${url(path)}`, url(path).href, 'prometheus', [], ['otlp-source'], 5],
    );
    assert.deepEqual([samples.length, samples[0]?.values['TracesReceived']], [1, received]);
    if (path === '/metrics') assert.ok('value' in task && task.value.samples[0]?.values['source-record-poll-total'] === 270);
    else {
      assert.deepEqual(said(task), { source: `GET ${url(path)}`, unasked: 'skipped', reason: "the exporter's page does not have these" });
    }
  }
  assert.deepEqual(asked, ['GET /metrics', 'GET /plain', 'GET /open']);
});

test('an exporter by its address alone, one without the connector, one cut off', async () => {
  const { url } = await serving({ '/metrics': { type: TEXT, body: page('jmx_exporter-default.txt') } });
  const below = await factOf('metrics', target(url('/')));
  assert.ok('value' in below);
  assert.deepEqual([below.value.kind, below.value.url], ['prometheus', url('/metrics').href]);
  const other = await all(target(url('/metrics'), 'demo'));
  assert.deepEqual(said(other.metrics), {
    source: `GET ${url('/metrics')}`,
    failure: 'absent',
    detail: 'no metrics of demo: the page has series of otlp-source',
  });
  const half = page('jmx_exporter-default.openmetrics.txt').slice(0, 300);
  const cut = await serving({ '/metrics': { type: OPEN_METRICS, body: half } });
  const fact = await factOf('metrics', target(cut.url('/metrics')));
  assert.ok('failure' in fact);
  assert.deepEqual([fact.failure, fact.detail], ['malformed', 'the page breaks off before any series of otlp-source']);
});

/** A page whose counters stand at `received`, perhaps with the time of each line. */
const counted = (received: number, stamp = ''): string =>
  Object.entries({ TotalMessagesReceived: received, RecordsProduced: received - 2, TotalMessagesDropped: 1, QueueCapacity: 100 })
    .map(([name, value]) => `otlp_${name}{connector_name="otlp-source"} ${value}${stamp}\n`)
    .join('');

test('an exporter is watched like any other source; a reading that is no page is a gap', async () => {
  const { url } = await serving({
    '/metrics': [
      { type: TEXT, body: counted(10) },
      { type: 'text/html', body: '<html>restarting</html>' },
      { type: TEXT, body: counted(30) },
    ],
  });
  const began = Date.now();
  const metrics = await factOf('metrics', target(url('/metrics')), { windowMs: 2000, timeoutMs: 6000, now: Date.now });
  assert.ok('value' in metrics && Date.now() - began >= 1990);
  assert.deepEqual(
    metrics.value.samples.map(({ values }) => values['TotalMessagesReceived']),
    [10, 30],
  );
  assert.deepEqual(
    metrics.value.gaps?.map(({ detail }) => detail),
    ['a web page instead of Prometheus text'],
  );
});

test('times on a page are the times of its values; a page that is not renewed while it is watched is stale', async () => {
  const stamp = Date.now() - 5000;
  const moving = await serving({
    '/metrics': [0, 1000].map((ms) => ({ type: TEXT, body: counted(10 + ms, ` ${stamp + ms}`) })),
  });
  const watched = { windowMs: 1000, timeoutMs: 5000, now: Date.now };
  const live = await factOf('metrics', target(moving.url('/metrics')), watched);
  assert.ok('value' in live, JSON.stringify(live));
  assert.deepEqual(
    live.value.samples.map(({ at, values }) => [at - stamp, values['TotalMessagesReceived']]),
    [
      [0, 10],
      [1000, 1010],
    ],
  );
  const still = await serving({ '/metrics': { type: TEXT, body: counted(10, ` ${Date.now()}`) } });
  const stale = await all(target(still.url('/metrics')), watched);
  assert.ok('failure' in stale.metrics && 'failure' in stale['jmx.task']);
  assert.deepEqual([stale.metrics.failure, stale['jmx.task'].failure], ['stale', 'stale']);
  assert.match(stale.metrics.detail, /^its values are those of 20\S+Z and were not renewed in 1\.\d s$/);
});

test("one look at a page takes the source's own clock: minutes old is stale, seconds are not, and without a clock nothing is proved", async () => {
  const now = Date.parse('2026-11-23T15:00:00Z');
  const look = async (ageMs: number, date: string | undefined): Promise<string> => {
    const server = await listen(
      createServer((_request, response) => {
        response.sendDate = false;
        if (date !== undefined) response.setHeader('date', date);
        response.setHeader('content-type', TEXT).end(counted(10, ` ${now - ageMs}`));
      }),
    );
    open.push(server);
    const fact = await factOf('metrics', target(new URL(`http://127.0.0.1:${server.port}/metrics`)));
    return 'failure' in fact ? fact.detail : 'value' in fact ? 'fresh' : 'unasked';
  };
  const date = new Date(now).toUTCString();
  assert.equal(await look(720_000, date), 'its values are those of 2026-11-23T14:48:00.000Z, 720.0 s before its own clock');
  assert.equal(await look(30_000, date), 'fresh');
  assert.equal(await look(720_000, undefined), 'fresh');
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
  assert.deepEqual(asked, ['8778', '9404', '9464']);
});

test("jmx_exporter's usual port is looked at too; an agent comes before it, and a page of anything else is nothing found", async () => {
  const exporter = await serving({ '/metrics': { type: TEXT, body: page('jmx_exporter-default.txt') } });
  const agent = await serving({ [METRICS_PATH.jolokia]: { body: recordedBulk('healthy-idle') } });
  const node = await serving({ '/metrics': { type: TEXT, body: 'node_load1 0.5\n' } });
  const worker = await serving({ '/metrics': { type: TEXT, body: 'kafka_connect_connect_worker_metrics_task_count 1\n' } });
  const at = (of: { url: (path: string) => URL }): number => Number(of.url('/').port);
  const refused = (await double('refused')).port;

  const alone = await search({ 8778: refused, 9404: at(exporter) }, 'connector');
  assert.ok('first' in alone && 'value' in alone.first.metrics);
  assert.deepEqual([alone.source.kind, alone.source.url, alone.assumed], ['prometheus', 'http://127.0.0.1:9404/metrics', true]);
  const both = await search({ 8778: at(agent), 9404: at(exporter) }, 'connector');
  assert.ok('first' in both);
  assert.equal(both.source.kind, 'jolokia');
  const foreign = await search({ 8778: refused, 9404: at(node) }, 'connector');
  assert.ok('none' in foreign && 'unasked' in foreign.none);
  const bare = await search({ 8778: refused, 9404: at(worker) }, 'connector');
  assert.ok('first' in bare && 'failure' in bare.first.metrics);
  assert.equal(bare.first.metrics.failure, 'absent');
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
      reason:
        'nothing answers as a bridge at http://127.0.0.1:9464/metrics.json, Jolokia at http://127.0.0.1:8778/jolokia/ or a Prometheus exporter at http://127.0.0.1:9404/metrics',
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

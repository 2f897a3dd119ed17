import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gather, probesFor } from '../../checks/gather.ts';
import { FACT_IDS, type Facts } from '../../checks/facts/index.ts';
import { PROBES } from '../../checks/probes/all.ts';
import type { Probe } from '../../checks/probes/probe.ts';
import type { Target } from '../../checks/target.ts';
import { connectDouble, type ConnectDouble } from '../doubles/connect.ts';
import { double } from '../doubles/double.ts';
import { fullBacklog } from '../doubles/full-backlog.ts';
import { listen, type Double } from '../doubles/listen.ts';
import { said, settings } from '../doubles/settings.ts';

/** A healthy bridge-like target: REST, both receivers, metrics; everything that was asked of it in order. */
type Healthy = {
  target: Target;
  asked: string[];
  connect: ConnectDouble;
  grpc: Double;
  http: Double;
  metrics: Double;
  close(): Promise<void>;
};

const COUNTERS = {
  TracesReceived: 7,
  MetricsReceived: 0,
  LogsReceived: 0,
  TracesDropped: 0,
  MetricsDropped: 0,
  LogsDropped: 0,
  RecordsProduced: 7,
};

async function healthy(odd: Parameters<typeof connectDouble>[0] = {}): Promise<Healthy> {
  const asked: string[] = [];
  const [grpc, http] = [await double('h2'), await double('otlp-http')];
  const metrics = await listen(
    createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(
        JSON.stringify({
          connector: 'otlp-source',
          counters: COUNTERS,
          gauges: { QueueCapacity: 10000 },
          derived: {},
          startedAt: '2026-11-23T15:00:00Z',
        }),
      );
    }),
  );
  const config = { 'otlp.grpc.port': String(grpc.port), 'otlp.http.port': String(http.port) };
  const connect = await connectDouble({ connectors: { 'otlp-source': { config } }, ...odd });
  const target = { connectUrl: connect.url, metricsUrl: new URL(`http://127.0.0.1:${metrics.port}/metrics.json`) };
  return {
    target,
    asked,
    connect,
    grpc,
    http,
    metrics,
    close: async () => void (await Promise.all([connect, grpc, http, metrics].map((one) => one.close()))),
  };
}

const valueOf = (facts: Facts, id: keyof Facts): unknown => ('value' in facts[id] ? facts[id].value : facts[id]);

test('a healthy target: one fact for every id, ten exchanges, nothing but GET', async () => {
  const server = await healthy();
  const facts = await gather(
    server.target,
    settings({ given: ['connect-url'], expect: ['traffic'], env: { HTTPS_PROXY: 'http://user:pw@proxy:1', grpc_proxy: '' } }),
  );
  await server.close();
  assert.deepEqual(Object.keys(facts), [...FACT_IDS]);
  for (const id of FACT_IDS) assert.equal(facts[id].id, id);
  assert.deepEqual(valueOf(facts, 'receiver.grpc'), { address: { host: '127.0.0.1', port: server.grpc.port }, spoke: 'http2' });
  assert.equal(facts['receiver.grpc'].assumed, undefined);
  assert.equal((valueOf(facts, 'receiver.http') as { status: number }).status, 405);
  assert.equal((valueOf(facts, 'rest.health') as { status: string }).status, 'healthy');
  const run = valueOf(facts, 'run') as Record<string, unknown>;
  const { durationMs, localAddresses, ...rest } = run;
  assert.deepEqual(rest, {
    otlpctl: '1.0.0',
    startedAt: settings().now(),
    timeoutMs: 3000,
    windowMs: 0,
    // five of REST, one each of the receivers and the metrics, two of reflection (v1, v1alpha)
    requests: 10,
    expect: ['traffic'],
    proxyVariables: ['HTTPS_PROXY'],
    given: ['connect-url'],
  });
  assert.ok(typeof durationMs === 'number' && durationMs < 3000);
  assert.ok((localAddresses as string[]).includes('127.0.0.1'));
  assert.deepEqual(server.connect.requests.toSorted(), [
    'GET /',
    'GET /connector-plugins',
    'GET /connectors/otlp-source/status',
    'GET /connectors?expand=status&expand=info',
    'GET /health',
  ]);
  assert.ok(server.asked.length === 1 && server.asked[0]!.startsWith('GET /metrics.json'), server.asked.join());
  // one look each, and reflection's connection beside the gRPC look
  assert.deepEqual([server.grpc.connections(), server.http.connections()], [2, 1]);
});

test('secrets of a configuration and of an address are in no fact', async () => {
  const server = await healthy({
    connectors: { 'otlp-source': { config: { 'producer.override.sasl.jaas.config': 'x required password="hunter2";' } } },
  });
  const connectUrl = new URL(server.connect.url);
  connectUrl.username = 'ann';
  connectUrl.password = 'hunter2';
  const facts = await gather({ ...server.target, connectUrl }, settings(), probesFor(['rest.list', 'rest.status', 'target']));
  await server.close();
  assert.ok(!JSON.stringify(facts).includes('hunter2'));
  assert.ok('value' in facts['rest.status']);
  assert.ok(server.connect.authorizations.every((header) => header?.startsWith('Basic ')));
});

const PATHS = ['/', '/health', '/connectors', '/connectors/otlp-source/status', '/connector-plugins'] as const;
const ID_OF = {
  '/': 'rest.root',
  '/health': 'rest.health',
  '/connectors': 'rest.list',
  '/connectors/otlp-source/status': 'rest.status',
  '/connector-plugins': 'rest.plugins',
} as const;
test('whichever path of Connect hangs: a fact, and the others are there', async () => {
  const endsWith = async (path: (typeof PATHS)[number]): Promise<void> => {
    const server = await healthy({ connectors: {}, odd: { [path]: 'hang' } });
    const otlpGrpc = { host: '127.0.0.1', port: server.grpc.port };
    const otlpHttp = new URL(`http://127.0.0.1:${server.http.port}`);
    const began = performance.now();
    const facts = await gather({ ...server.target, connector: 'otlp-source', otlpGrpc, otlpHttp }, settings({ timeoutMs: 1500 }));
    const took = performance.now() - began;
    await server.close();
    assert.ok(took < 1500 + 500, `${path}: ${took} ms`);
    const hung = facts[ID_OF[path]];
    assert.equal('failure' in hung && hung.failure, 'timeout', path);
    assert.match('failure' in hung ? hung.detail : '', /^connected, no answer in [\d.]+ m?s$/, path);
    // the double has no such connector, so that its status is a 404
    const others = PATHS.filter((one) => one !== path && one !== '/connectors/otlp-source/status');
    for (const other of others) assert.ok('value' in facts[ID_OF[other]], `${path}: ${other}`);
    assert.ok('value' in facts['receiver.grpc'] && 'value' in facts['receiver.http'] && 'value' in facts.target, path);
  };
  await Promise.all(PATHS.map(endsWith));
});

test('everything hangs: still within the time-out, each fact says so', async () => {
  const hang = await double('hang');
  const at = { host: '127.0.0.1', port: hang.port };
  const url = new URL(`http://127.0.0.1:${hang.port}`);
  const began = performance.now();
  const facts = await gather(
    { connectUrl: url, otlpGrpc: at, otlpHttp: url, metricsUrl: url },
    settings({ timeoutMs: 900, windowMs: 5000 }),
  );
  const took = performance.now() - began;
  await hang.close();
  assert.ok(took < 900 + 300, `${took} ms`);
  assert.equal((valueOf(facts, 'receiver.grpc') as { spoke: string }).spoke, 'silence');
  assert.equal('failure' in facts['rest.list'] && facts['rest.list'].failure, 'timeout');
  assert.equal('failure' in facts.metrics && facts.metrics.failure, 'timeout');
  assert.deepEqual('unasked' in facts['rest.status'] && facts['rest.status'], {
    ...said(facts['rest.status']),
    id: 'rest.status',
    at: facts['rest.status'].at,
    ms: facts['rest.status'].ms,
    unasked: 'skipped',
    reason: `no connector is named, and ${facts['rest.list'].source} failed`,
    give: '--connector NAME',
  });
});

test('the hard limit: a probe that never ends is a time-out, one that waits for it is unknown, finished facts are kept', async () => {
  const stubborn: Probe = { gives: ['log'], rounds: 100, look: () => new Promise(() => undefined) };
  const waiting: Probe = { gives: ['metrics'], needs: ['log'], look: () => Promise.reject(new Error('never reached')) };
  const partial: Probe = {
    gives: ['jmx.jvm'],
    windowed: true,
    look: async ({ signal }) => {
      if (!signal.aborted) await once(signal, 'abort');
      return { 'jmx.jvm': { source: 'half', value: { samples: [], absent: ['rest'] } } };
    },
  };
  const quick: Probe = {
    gives: ['jmx.task'],
    look: () => Promise.resolve({ 'jmx.task': { source: 'quick', value: { samples: [], absent: [] } } }),
  };
  const began = performance.now();
  const facts = await gather({ connectUrl: null }, settings({ timeoutMs: 300 }), [stubborn, waiting, partial, quick]);
  const took = performance.now() - began;
  assert.ok(took >= 300 && took < 300 + 500, `${took} ms`);
  assert.equal('failure' in facts.log && facts.log.failure, 'timeout');
  assert.match('detail' in facts.log ? facts.log.detail : '', /^not answered in (29\d|300) ms$/);
  assert.deepEqual(said(facts.metrics), {
    source: 'metrics',
    unasked: 'unknown',
    reason: 'the time-out of 300 ms came while this look waited for log',
  });
  assert.deepEqual(said(facts['jmx.jvm']), { source: 'half', value: { samples: [], absent: ['rest'] } });
  assert.deepEqual(said(facts['jmx.task']), { source: 'quick', value: { samples: [], absent: [] } });
  assert.deepEqual(said(facts['host.listeners']), { source: 'host.listeners', unasked: 'skipped', reason: 'not looked at in this run' });
});

test('a probe has its own deadline: its hang does not use up the run', async () => {
  const stubborn: Probe = { gives: ['log'], look: () => new Promise(() => undefined) };
  const began = performance.now();
  const facts = await gather({ connectUrl: null }, settings({ timeoutMs: 1500 }), [stubborn]);
  assert.ok(performance.now() - began < 1300);
  assert.equal('failure' in facts.log && facts.log.failure, 'timeout');
});

test('a window that does not fit is cut, and the run says to what', async () => {
  const windows: number[] = [];
  const watching: Probe = { gives: ['metrics'], windowed: true, look: (look) => (windows.push(look.windowMs), Promise.resolve({})) };
  const other: Probe = { gives: ['log'], look: (look) => (windows.push(look.windowMs), Promise.resolve({})) };
  const facts = await gather({ connectUrl: null }, settings({ timeoutMs: 3000, windowMs: 5000 }), [watching, other]);
  const run = 'value' in facts.run ? facts.run.value : undefined;
  assert.ok(windows[0]! > 1900 && windows[0]! <= 2000, String(windows[0]));
  assert.equal(windows[1], 0);
  assert.equal(run?.windowCutMs, Math.round(windows[0]!));
  const whole = await gather({ connectUrl: null }, settings({ timeoutMs: 3000, windowMs: 1000 }), [watching]);
  assert.equal('value' in whole.run && whole.run.value.windowCutMs, undefined);
});

test('a probe is asked once however many want its facts', async () => {
  let looks = 0;
  const source: Probe = { gives: ['jmx.task', 'jmx.jvm'], look: () => (looks++, Promise.resolve({})) };
  const wants: Probe[] = (['log', 'metrics'] as const).map((id) => ({
    gives: [id],
    needs: ['jmx.task'],
    look: async ({ fact }) => (await fact('jmx.jvm'), {}),
  }));
  const facts = await gather({ connectUrl: null }, settings(), [...wants, source]);
  assert.equal(looks, 1);
  assert.deepEqual(said(facts['jmx.jvm']), { source: 'jmx.jvm', unasked: 'skipped', reason: 'there was nothing to look at' });
});

test('REST that answers late and names other places: the guess is dropped and the real receivers are looked at', async () => {
  const [grpc, http] = [await double('h2'), await double('otlp-http')];
  const connect = await connectDouble({
    connectors: { 'otlp-source': { config: { 'otlp.grpc.port': String(grpc.port), 'otlp.http.port': String(http.port) } } },
    odd: { '/connectors': 450 },
  });
  const facts = await gather({ connectUrl: connect.url }, settings({ timeoutMs: 3000 }), probesFor(['receiver.grpc', 'receiver.http']));
  await Promise.all([connect, grpc, http].map((one) => one.close()));
  assert.deepEqual(valueOf(facts, 'receiver.grpc'), { address: { host: '127.0.0.1', port: grpc.port }, spoke: 'http2' });
  assert.deepEqual([facts['receiver.grpc'].assumed, facts['receiver.http'].assumed], [undefined, undefined]);
  assert.equal((valueOf(facts, 'receiver.http') as { address: { port: number } }).address.port, http.port);
});

test('a receiver that the configuration switches off is not looked at', async () => {
  const connect = await connectDouble({ connectors: { a: { config: { 'otlp.grpc.enabled': 'false' } } } });
  const facts = await gather({ connectUrl: connect.url }, settings(), probesFor(['receiver.grpc']));
  await connect.close();
  assert.deepEqual(said(facts['receiver.grpc']), {
    source: 'grpc receiver',
    unasked: 'skipped',
    reason: 'the receiver is switched off (otlp.grpc.enabled=false)',
  });
});

test('a configuration without a usable port gives nothing to look at', async () => {
  const connect = await connectDouble({ connectors: { a: { config: { 'otlp.http.port': '0' } } } });
  const facts = await gather({ connectUrl: connect.url }, settings(), probesFor(['receiver.http']));
  await connect.close();
  assert.deepEqual(said(facts['receiver.http']), {
    source: 'http receiver',
    unasked: 'skipped',
    reason: 'otlp.http.port=0 names no port to look at',
    give: '--otlp-http URL',
  });
});

test('a look at one thing asks no more than it must', () => {
  const ids = (probes: readonly Probe[]): string[] => probes.flatMap((probe) => probe.gives);
  assert.deepEqual(ids(probesFor(['rest.health'])), ['rest.health']);
  assert.deepEqual(ids(probesFor(['receiver.http'])), ['rest.root', 'rest.list', 'target', 'receiver.http']);
  assert.deepEqual(new Set(ids(probesFor(FACT_IDS))), new Set(ids(PROBES)));
});

test('two gathers at once do not meet', async () => {
  const [one, other] = [await healthy(), await healthy({ version: '4.1.0-otlpctl', connectors: { b: {} } })];
  after(() => Promise.all([one.close(), other.close()]));
  const ids = ['rest.root', 'target'] as const;
  const [first, second] = await Promise.all([one, other].map(({ target }) => gather(target, settings(), probesFor(ids))));
  assert.deepEqual(
    [first, second].map((facts) => (valueOf(facts!, 'target') as { connector: string; kind: string }).connector),
    ['otlp-source', 'b'],
  );
  assert.deepEqual(
    [first, second].map((facts) => (valueOf(facts!, 'target') as { kind: string }).kind),
    ['connector', 'bridge'],
  );
  assert.deepEqual(
    [first, second].map((facts) => (valueOf(facts!, 'run') as { requests: number }).requests),
    [2, 2],
  );
});

test('nothing stays open: the process ends by itself, also after hangs', async () => {
  const [hang, h2, filtered] = [await double('hang'), await double('h2'), await fullBacklog()];
  const module = new URL('../../checks/gather.ts', import.meta.url).href;
  const program = `
    import { gather } from ${JSON.stringify(module)};
    const settings = { timeoutMs: 600, windowMs: 0, expect: [], given: [], version: '1', env: {}, now: () => Date.now() };
    const at = (port) => new URL('http://127.0.0.1:' + port);
    const grpc = (port) => ({ host: '127.0.0.1', port });
    await Promise.all([
      gather({ connectUrl: at(${hang.port}), otlpGrpc: grpc(${h2.port}), otlpHttp: at(${hang.port}), metricsUrl: at(${hang.port}) }, settings),
      gather({ connectUrl: at(${filtered.port}), otlpGrpc: grpc(${filtered.port}), otlpHttp: at(${filtered.port}) }, settings),
    ]);
    const done = performance.now();
    process.on('exit', () => process.stdout.write(String(Math.round(performance.now() - done))));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  await Promise.all([hang, h2, filtered].map((server) => server.close()));
  assert.equal(code, 0);
  // What hangs is given 500 ms here; the process must not wait for any of it once the facts are there.
  assert.ok(Number(out) < 400, `ended ${out} ms after the last fact`);
});

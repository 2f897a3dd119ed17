import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connectDouble, type ConnectDouble } from '../doubles/connect.ts';
import { double } from '../doubles/double.ts';
import { listen, type Double } from '../doubles/listen.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

/** With signs that a URL escapes, and one that parts user and password. */
const [USER, PASSWORD] = ['moni:tor', 'pa@ss/wörd:1'];
const SECRETS = [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`${USER}:${PASSWORD}`).toString('base64'), 'pa%40ss'];
const WANTED = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

const recorded = (name: string): string => readFileSync(new URL(`../../fixtures/recorded/metrics/${name}`, import.meta.url), 'utf8');
const jolokia = (JSON.parse(recorded('jolokia-2.6-bulk.json')) as object[])[0]!;
const absent = { status: 404, error: 'javax.management.InstanceNotFoundException : no such bean', error_type: 'x' };
const bridge = {
  connector: 'otlp-source',
  counters: { TracesReceived: 3, TracesDropped: 0, RecordsProduced: 3 },
  gauges: { QueueCapacity: 10_000, TracesQueueSize: 0 },
  derived: {},
};
const PAGES: Record<string, string> = {
  '/jolokia/': JSON.stringify([jolokia, absent, absent, absent, absent, absent]),
  '/metrics.json': JSON.stringify(bridge),
  '/metrics': recorded('jmx_exporter-worker.txt'),
};

/** Every page wants the password. */
const locked = (): Promise<Double> =>
  listen(
    createServer((request, response) => {
      const page = PAGES[(request.url ?? '').split('?')[0] ?? ''];
      if (request.headers.authorization !== WANTED) response.writeHead(401, { 'www-authenticate': 'Basic realm="jolokia"' }).end('no');
      else if (page === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': page.startsWith('#') ? 'text/plain; version=0.0.4' : 'application/json' }).end(page);
    }),
  );

describe('metrics behind a password', { concurrency: 4 }, () => {
  const open: Double[] = [];
  const folders: string[] = [];
  let connect: ConnectDouble;
  let server: Double;
  before(async () => {
    const [grpc, http] = [await double('h2'), await double('otlp-http')];
    const config = { 'otlp.grpc.port': String(grpc.port), 'otlp.http.port': String(http.port) };
    connect = await connectDouble({ connectors: { 'otlp-source': { config } } });
    server = await locked();
    open.push(grpc, http, connect, server);
  });
  after(async () => {
    await Promise.all(open.map((one) => one.close()));
    folders.forEach((folder) => rmSync(folder, { recursive: true }));
  });

  const userinfo = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;
  const at = (path: string, login: string): string => `http://${login}@127.0.0.1:${server.port}${path}`;
  const doctor = async (metricsUrl: string, { format = 'json', env = false } = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'otlpctl-auth-'));
    folders.push(folder);
    const args = ['doctor', '--connect-url', connect.url.href, '--record', join(folder, 'r'), '--format', format, '--window', '1'];
    const ran = await (env ? otlpctl(args, { env: { OTLPCTL_METRICS_URL: metricsUrl } }) : otlpctl([...args, '--metrics-url', metricsUrl]));
    return { ...ran, record: readFileSync(join(folder, 'r/facts.json'), 'utf8') };
  };
  const keepsQuiet = (texts: Record<string, string>): void => {
    for (const [where, text] of Object.entries(texts))
      for (const secret of SECRETS) assert.ok(!text.includes(secret), `${where} has ${secret}: ${text}`);
  };

  for (const [path, kind] of [
    ['/jolokia/', 'jolokia'],
    ['/metrics.json', 'bridge'],
    ['/metrics', 'prometheus'],
    ['/', 'bridge'],
  ] as const)
    test(`${kind} at ${path}: the user and the password of the URL are sent, and shown nowhere`, async () => {
      const { stdout, stderr, record } = await doctor(at(path, userinfo), { env: path === '/' });
      keepsQuiet({ stdout, stderr, record });
      const { metrics } = (JSON.parse(record) as { facts: Record<string, { value?: { kind: string; url: string; samples: object[] } }> })
        .facts;
      assert.equal(metrics?.value?.kind, kind, record);
      assert.equal(metrics.value.url, `http://127.0.0.1:${server.port}${path === '/' ? '/metrics.json' : path}`);
      assert.equal(metrics.value.samples.length, 2);
    });

  test('a wrong password is said, and shown no more than a right one', async () => {
    for (const format of ['json', 'text'])
      for (const login of [userinfo.replace('moni', 'noti'), `user:${encodeURIComponent(PASSWORD)}`]) {
        const { stdout, stderr, record } = await doctor(at('/jolokia/', login), { format });
        keepsQuiet({ stdout, stderr, record });
        assert.match(stdout, /The metrics could not be read \(HTTP 401/);
        assert.match(stdout.replace(/\s+/g, ' '), /Give its user and password within the address/);
      }
  });

  test('a URL that is none is refused without its password, in every command', async () => {
    for (const command of [['doctor'], ['health'], ['metrics'], ['health', '--format', 'json']])
      for (const wrong of ['http://ann:pa@ss/wörd:1@h:x/', 'ftp://ann:pa@ss/wörd:1@h/', 'ann:pa@ss/wörd:1@h:8778']) {
        const { code, stdout, stderr } = await otlpctl([...command, '--metrics-url', wrong]);
        assert.equal(code, 3);
        keepsQuiet({ stdout, stderr });
        assert.match(stdout + stderr, /is not an http or https URL|write \/ as %2F and @ as %40/);
      }
    const { code, stdout, stderr } = await otlpctl(['metrics', '--jmx-url', `service:jmx:rmi://ann:${PASSWORD}@h:1/jndi/rmi://h:1/jmxrmi`]);
    assert.equal(code, 3);
    keepsQuiet({ stdout, stderr });
  });

  test('health and metrics send it too', async () => {
    const args = ['--connect-url', connect.url.href, '--metrics-url', at('/jolokia/', userinfo)];
    const [health, metrics] = [await otlpctl(['health', ...args]), await otlpctl(['metrics', '--window', '0', ...args])];
    assert.equal(health.code, 0, health.stdout);
    assert.match(health.stdout, /'received'=3c/);
    assert.equal(metrics.code, 0, metrics.stderr);
    keepsQuiet({ health: health.stdout + health.stderr, metrics: metrics.stdout + metrics.stderr });
  });
});

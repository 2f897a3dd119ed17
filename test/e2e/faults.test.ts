import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { AddressInfo } from 'node:net';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';
import { until } from '../doubles/until.ts';

type Given = { first: string | undefined; ids: string[]; status: string; code: number | null; text: string };

/** doctor in both formats, as an operator has it: the exit codes must agree. */
async function doctor(args: readonly string[]): Promise<Given> {
  const all = ['doctor', '--window', '0', '--timeout', '4', ...args];
  const [json, text] = await Promise.all([otlpctl([...all, '--format', 'json']), otlpctl(all)]);
  assert.equal(json.code, text.code, `json exits ${json.code}, text ${text.code}`);
  const report = JSON.parse(json.stdout) as { status: string; diagnoses: { id: string; status: string }[] };
  const ids = report.diagnoses.filter(({ status }) => status !== 'ok').map(({ id }) => id);
  return { first: ids[0], ids, status: report.status, code: json.code, text: text.stdout };
}

const put = (bridge: BridgeProcess, path: string, method = 'PUT') =>
  fetch(`${bridge.connectUrl}/connectors/otlp-source${path}`, { method });

async function bridgeFor(t: TestContext, set: Record<string, string> = {}): Promise<BridgeProcess> {
  const bridge = await startBridgeProcess(set);
  t.after(() => bridge.stop());
  return bridge;
}

/** Two ports that were free a moment ago, so that a configuration can name them. */
async function freePorts(): Promise<number[]> {
  const servers = [createServer(), createServer()];
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await once(server.close(), 'close');
  return ports;
}

async function squatter(t: TestContext, answer: string): Promise<number> {
  const server: Server = createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('each fault of the bridge gives its diagnosis first', { concurrency: 2 }, () => {
  test('healthy: nothing', async (t) => {
    const bridge = await bridgeFor(t);
    const given = await doctor(bridge.target);
    assert.deepEqual(given.ids, [], given.text);
    assert.equal(given.code, 0);
  });

  test('killed: worker-down', async (t) => {
    const bridge = await bridgeFor(t);
    const { ports } = bridge;
    bridge.kill('SIGKILL');
    await until('the bridge to be gone', () =>
      fetch(bridge.connectUrl).then(
        () => undefined,
        () => true,
      ),
    );
    const given = await doctor([
      ...bridge.target,
      '--otlp-grpc',
      `127.0.0.1:${ports.grpc}`,
      '--otlp-http',
      `http://127.0.0.1:${ports.http}`,
    ]);
    assert.equal(given.first, 'worker-down', given.text);
    assert.equal(given.code, 2);
  });

  test('frozen: worker-frozen', async (t) => {
    const bridge = await bridgeFor(t);
    const { ports } = bridge;
    bridge.kill('SIGSTOP');
    const given = await doctor([
      ...bridge.target,
      '--otlp-grpc',
      `127.0.0.1:${ports.grpc}`,
      '--otlp-http',
      `http://127.0.0.1:${ports.http}`,
    ]);
    assert.equal(given.first, 'worker-frozen', given.text);
    assert.equal(given.code, 2);
  });

  test('paused: connector-paused, and as expected with --expect', async (t) => {
    const bridge = await bridgeFor(t);
    await put(bridge, '/pause');
    const given = await doctor(bridge.target);
    assert.equal(given.first, 'connector-paused', given.text);
    assert.equal(given.code, 2);
    assert.equal((await doctor([...bridge.target, '--expect', 'state=PAUSED'])).code, 0);
  });

  test('stopped: connector-stopped', async (t) => {
    const bridge = await bridgeFor(t);
    await put(bridge, '/stop');
    const given = await doctor(bridge.target);
    assert.equal(given.first, 'connector-stopped', given.text);
    assert.equal(given.code, 2);
  });

  test('deleted: connector-not-found', async (t) => {
    const bridge = await bridgeFor(t);
    await put(bridge, '', 'DELETE');
    const given = await doctor([...bridge.target, '--connector', 'otlp-source']);
    assert.equal(given.first, 'connector-not-found', given.text);
    assert.equal(given.code, 2);
  });

  test('a near name on the very addresses asked for: connector-not-found, unknown', async (t) => {
    const [grpc, http] = await freePorts();
    const bridge = await bridgeFor(t, { 'otlp.grpc.port': String(grpc), 'otlp.http.port': String(http) });
    const places = ['--otlp-grpc', `127.0.0.1:${grpc}`, '--otlp-http', `http://127.0.0.1:${http}`];
    const given = await doctor([...bridge.target, '--connector', 'otlp-src', ...places]);
    assert.equal(given.first, 'connector-not-found', given.text);
    assert.match(given.text, /otlp-source/);
    assert.equal(given.code, 3);
  });

  for (const receiver of ['grpc', 'http'] as const)
    test(`${receiver} port squatted: port-in-use`, async (t) => {
      const port = await squatter(t, 'HTTP/1.0 200 OK\r\n\r\n');
      const bridge = await bridgeFor(t, { [`otlp.${receiver}.port`]: String(port) });
      const given = await doctor(bridge.target);
      assert.equal(given.first, 'port-in-use', given.text);
      assert.match(given.text, new RegExp(`${port}`));
      assert.equal(given.code, 2);
    });

  test('both receivers off: configuration-invalid', async (t) => {
    const bridge = await bridgeFor(t, { 'otlp.grpc.enabled': 'false', 'otlp.http.enabled': 'false' });
    const given = await doctor(bridge.target);
    assert.equal(given.first, 'configuration-invalid', given.text);
    assert.equal(given.code, 2);
  });
});

describe('a record', () => {
  let bridge: BridgeProcess;
  before(async () => void (bridge = await startBridgeProcess()));
  after(() => bridge.stop());

  test('replays byte for byte, in every format, with the bridge gone from view', async () => {
    const folder = `${bridge.folder}/record`;
    const live = await otlpctl(['doctor', '--window', '1', '--record', folder, ...bridge.target]);
    assert.equal(live.code, 0, live.stderr);
    const replayed = await otlpctl(['doctor', '--replay', folder]);
    assert.equal(replayed.stdout, live.stdout);
    assert.equal(replayed.code, live.code);
  });
});

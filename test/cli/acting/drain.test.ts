import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { actingConnect } from '../../doubles/acting-connect.ts';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { inProcess } from '../../doubles/in-process.ts';
import { exportRequest, load } from '../../doubles/load.ts';
import { until } from '../../doubles/until.ts';
import { acting, auditOf, documentOf, stateFolder } from './acting.ts';

async function bridgeOf(t: TestContext, set: Record<string, string>): Promise<BridgeProcess> {
  const bridge = await startBridgeProcess(set);
  t.after(() => bridge.stop());
  return bridge;
}

const drain = (bridge: BridgeProcess, folder: string, ...args: string[]) =>
  inProcess([
    'drain-restart',
    '--yes',
    ...(args.includes('--format') ? [] : ['--format', 'json']),
    '--state-dir',
    folder,
    ...bridge.target,
    ...args,
  ]);

const post = (bridge: BridgeProcess, count: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, nth) =>
      fetch(`http://127.0.0.1:${bridge.ports.http}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(exportRequest('traces', `n${nth}`)),
      }),
    ),
  );

test('drain-restart waits until the queue is empty, and then every message is in the sink', async (t) => {
  const bridge = await bridgeOf(t, { 'bridge.drain.max.per.second': '20' });
  await post(bridge, 60);
  const folder = stateFolder();
  const ran = await drain(bridge, folder);
  const did = documentOf(ran);
  assert.deepEqual([ran.code, did.outcome], [0, 'done'], ran.stdout);
  assert.deepEqual(
    did.requests.map(({ method }) => method),
    ['POST'],
  );
  const waited = auditOf(folder)[0]!.events.filter((event) => event.event === 'waited');
  assert.match(waited[0]!.seen, /nothing comes in and nothing waits; the sink has acknowledged everything/);
  assert.ok(waited[0]!.ms > 1000, 'it waited');
  const data = join(bridge.folder, 'data');
  const lines = readdirSync(data).flatMap((name) => readFileSync(join(data, name), 'utf8').split('\n').filter(Boolean));
  assert.equal(lines.length, 60);
});

test('while senders send nothing is restarted, and what is at stake is said; --accept-loss goes on', async (t) => {
  const bridge = await bridgeOf(t, { 'bridge.drain.max.per.second': '5' });
  const stop = new AbortController();
  const loading = load({ port: bridge.ports.http!, signal: 'traces', perSecond: 50 }, stop.signal);
  t.after(async () => {
    stop.abort();
    await loading;
  });
  await until(
    'a backlog',
    async () =>
      ((await (await fetch(bridge.metricsUrl)).json()) as { gauges: { TracesQueueSize: number } }).gauges.TracesQueueSize > 20 || undefined,
  );
  const folder = stateFolder();
  const ran = await drain(bridge, folder, '--wait', '3');
  assert.equal(ran.code, 2, ran.stdout);
  assert.match(
    documentOf(ran).sentence,
    /^not still in [\d.]+ s, so nothing was restarted: \d+ messages queued, senders still send \(\d+ messages since the last look\)/,
  );
  assert.deepEqual(documentOf(ran).requests, []);
  const lossy = await drain(bridge, folder, '--wait', '3', '--accept-loss', '--format', 'text');
  assert.match(lossy.stdout, /not still in [\d.]+ s: \d+ messages queued.*; going on, as --accept-loss says/);
  assert.match(lossy.stdout, /202 accepted/);
});

test('what cannot drain is refused', async (t) => {
  const paused = await actingConnect({ state: 'PAUSED' });
  const blind = await actingConnect();
  t.after(() => Promise.all([paused.close(), blind.close()]));
  const folder = stateFolder();
  const first = await acting(paused.url, folder, ['drain-restart', '--yes']);
  assert.equal(first.code, 3);
  assert.match(
    first.stderr,
    /otlp-source is not RUNNING with its task, and only a running one drains its queues, otlpctl connector resume/,
  );
  const second = await acting(blind.url, folder, ['drain-restart', '--yes']);
  assert.equal(second.code, 3);
  assert.match(second.stderr, /the metrics cannot be read, so nobody can tell when the queues are empty/);
  assert.deepEqual([paused.changes, blind.changes], [[], []]);
});

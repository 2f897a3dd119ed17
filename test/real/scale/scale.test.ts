import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { until } from '../../doubles/until.ts';
import { deployed } from '../deploy/files.ts';
import { discard, keep } from '../stand/keeper.ts';
import { freePorts } from '../stand/ports.ts';
import { NAMES, startBalancer, type Name, type Places } from './balancer.ts';
import { startSenders, type Failure, type Over, type Sent } from './senders.ts';
import { FILE_STORE, type Store } from './stores.ts';

const PER_SECOND = 100;
/** When a process is killed: messages that it holds at least, where its store lets it hold any, and requests that it has not answered. */
const HELD = 50;
const UNANSWERED = 10;

type Scene = {
  bridges: Record<Name, BridgeProcess>;
  folders: string[];
  start(name: Name): Promise<void>;
  sent: Sent;
  stopSending(): Promise<void>;
};

/** Three bridges with the settings of bridge/deploy/bridge.json behind HAProxy, and senders that go on until they are stopped. */
async function scene(t: TestContext, store: Store): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-scale-'));
  const { adopt } = keep(folder, process.pid);
  const auth = join(folder, 'auth');
  writeFileSync(auth, 'bearer none-needed-for-ready\n', { mode: 0o600 });
  const settings = JSON.parse(deployed('bridge.json')) as Record<string, number>;
  const shared = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, String(value)]));
  const ports = await freePorts(4 * NAMES.length);
  const places = Object.fromEntries(
    NAMES.map((name, index) => {
      const [grpc, http, rest, metrics] = ports.slice(4 * index);
      return [name, { grpc, http, rest, metrics }];
    }),
  ) as Places;
  const folderOf = (name: Name) => join(folder, name);
  const bridges = {} as Record<Name, BridgeProcess>;
  const start = async (name: Name) => {
    const { grpc, http, rest, metrics } = places[name];
    mkdirSync(folderOf(name), { recursive: true });
    const keys = {
      ...shared,
      ...store.keys,
      'bridge.auth.file': auth,
      'otlp.grpc.port': String(grpc),
      'otlp.http.port': String(http),
      'bridge.rest.port': String(rest),
      'bridge.metrics.port': String(metrics),
    };
    bridges[name] = await startBridgeProcess(keys, { folder: folderOf(name) });
  };
  t.after(async () => {
    for (const bridge of Object.values(bridges)) bridge.kill('SIGKILL');
    await Promise.all(Object.values(bridges).map((bridge) => bridge.stop()));
    discard(folder);
  });
  await Promise.all(NAMES.map(start));
  const balancer = await startBalancer(folder, places, adopt);
  t.after(() => balancer.process.kill());
  const { sent, stop } = startSenders(balancer, PER_SECOND);
  t.after(stop);
  return { bridges, folders: NAMES.map(folderOf), start, sent, stopSending: stop };
}

const acknowledgedBy = ({ acknowledged }: Sent, name: Name, since = 0, over: Over | '' = ''): number =>
  [...acknowledged].filter(([id, { by, at }]) => by === name && at >= since && id.includes(over)).length;

/** Waits until a bridge has answered so many requests more over each transport. */
const answering = (sent: Sent, name: Name, count: number) => {
  const since = Date.now();
  const enough = (over: Over) => acknowledgedBy(sent, name, since, over) >= count;
  return until(`${name} to answer ${count} requests over each transport`, () => (enough('grpc') && enough('http')) || undefined, 30_000);
};

/** What went wrong, by kind, and how often. */
function kindsOf(failures: readonly Failure[]): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { over, said } of failures) kinds[`${over} ${said}`] = (kinds[`${over} ${said}`] ?? 0) + 1;
  return kinds;
}

/** Accepted and not stored, as the bridge counts it. */
async function heldBy({ metricsUrl }: BridgeProcess): Promise<number> {
  const answer = await fetch(metricsUrl, { headers: { authorization: 'Bearer none-needed-for-ready' } });
  const { derived } = (await answer.json()) as { derived: Record<string, number> };
  return derived.TotalLagCount!;
}

/** Kills a bridge amid requests. Gives when, and how much of what it had acknowledged may have gone with it at most. */
async function killed(bridge: BridgeProcess, name: Name, sent: Sent, least: number): Promise<{ at: number; most: () => number }> {
  const { asked, held } = await until(`${name} to hold ${least} messages`, async () => {
    const began = Date.now();
    const now = await heldBy(bridge);
    return now >= least ? { asked: began, held: now } : undefined;
  });
  bridge.kill('SIGSTOP');
  await until('requests to wait for it', () => sent.open >= UNANSWERED || undefined);
  bridge.kill('SIGKILL');
  await bridge.stop();
  const at = Date.now();
  // What came after the look was perhaps not stored either.
  return {
    at,
    most: () => held + [...sent.acknowledged.values()].filter((one) => one.by === name && one.at >= asked && one.at <= at).length,
  };
}

for (const store of [FILE_STORE])
  test(`three bridges behind HAProxy, one stopped, one killed, both replaced, under load: ${store.name}`, async (t) => {
    const { bridges, folders, start, sent, stopSending } = await scene(t, store);
    await Promise.all(NAMES.map((name) => answering(sent, name, 50)));
    const before = sent.failures.length;

    assert.equal(await bridges['bridge-2'].stop(), 0, 'all that it held is delivered');
    assert.deepEqual(kindsOf(sent.failures.slice(before)), {}, 'a graceful stop behind the balancer is not noticed by anybody');
    await start('bridge-2');
    await answering(sent, 'bridge-2', 50);

    const kill = await killed(bridges['bridge-3'], 'bridge-3', sent, store.killedMayLose ? HELD : 0);
    await answering(sent, 'bridge-1', 50);
    await start('bridge-3');
    await Promise.all(NAMES.map((name) => answering(sent, name, 50)));
    await stopSending();
    for (const name of NAMES) assert.equal(await bridges[name].stop(), 0, name);

    const kinds = JSON.stringify(kindsOf(sent.failures));
    assert.equal(sent.givenUp.length, 0, `every failure is one to try again after: ${kinds}`);
    const stored = await store.ids(folders);
    const different = new Set(stored);
    const missing = [...sent.acknowledged].filter(([id]) => !different.has(id));
    t.diagnostic(
      `${sent.acknowledged.size} acknowledged (${NAMES.map((name) => `${name} ${acknowledgedBy(sent, name)}`).join(', ')}), ` +
        `${sent.failures.length} failed tries (${kinds}), ${different.size} stored, ${stored.length - different.size} of them twice, ${missing.length} lost with the killed one`,
    );
    assert.equal(
      missing.filter(([, { by, at }]) => by !== 'bridge-3' || at > kill.at).length,
      0,
      'what is missing was acknowledged by the bridge that was killed, before that',
    );
    const most = store.killedMayLose ? kill.most() : 0;
    assert.ok(missing.length <= most, `${missing.length} are missing, and ${most} may be`);
    if (store.killedMayLose) assert.ok(missing.length > 0, 'what a kill takes is seen here');
  });

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { until } from '../../doubles/until.ts';
import { deployed } from '../deploy/files.ts';
import { discard, keep } from '../stand/keeper.ts';
import { freePorts } from '../stand/ports.ts';
import { NAMES, startBalancer, type Name, type Places } from './balancer.ts';
import { startSenders, type Failure, type Over, type Sent } from './senders.ts';

/** Over each transport. */
const PER_SECOND = 100;
/** Requests that wait for a bridge when it is killed. */
const UNANSWERED = 10;

export type Scene = {
  bridges: Record<Name, BridgeProcess>;
  folders: string[];
  start(name: Name): Promise<void>;
  sent: Sent;
  stopSending(): Promise<void>;
};

/**
 * Three bridges with the settings of bridge/deploy/bridge.json and what `keysOf` says over them, behind HAProxy, and senders that go on until they are
 * stopped. `prepare` is given each state folder before anything is in it.
 */
export async function scene(
  t: TestContext,
  keysOf: (name: Name) => Readonly<Record<string, string>>,
  prepare: (folder: string) => void = () => {},
): Promise<Scene> {
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
    const keys = {
      ...shared,
      ...keysOf(name),
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
  for (const name of NAMES) {
    mkdirSync(folderOf(name));
    prepare(folderOf(name));
  }
  await Promise.all(NAMES.map(start));
  const balancer = await startBalancer(folder, places, adopt);
  t.after(() => balancer.process.kill());
  const { sent, stop } = startSenders(balancer, PER_SECOND);
  t.after(stop);
  return { bridges, folders: NAMES.map(folderOf), start, sent, stopSending: stop };
}

export const acknowledgedBy = ({ acknowledged }: Sent, name: Name, since = 0, over: Over | '' = ''): number =>
  [...acknowledged].filter(([id, { by, at }]) => by === name && at >= since && id.includes(over)).length;

/** Waits until a bridge has answered so many requests more over each transport. */
export const answering = (sent: Sent, name: Name, count: number) => {
  const since = Date.now();
  const enough = (over: Over) => acknowledgedBy(sent, name, since, over) >= count;
  return until(`${name} to answer ${count} requests over each transport`, () => (enough('grpc') && enough('http')) || undefined, 30_000);
};

/** What went wrong, by kind, and how often. */
export function kindsOf(failures: readonly Failure[]): Record<string, number> {
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
export async function killed(bridge: BridgeProcess, name: Name, sent: Sent, least: number): Promise<{ at: number; most: () => number }> {
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

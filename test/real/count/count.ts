import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import type { BridgeProcess } from '../../doubles/bridge-process.ts';
import { until } from '../../doubles/until.ts';
import { makeTopics } from '../stand/kafka-admin.ts';
import type { Cluster } from '../stand/cluster.ts';
import type { LoneBroker } from '../stand/lone-broker.ts';
import { freePorts } from '../stand/ports.ts';
import type { Break } from './breaks.ts';
import { sendAll } from './sender.ts';
import { storedIds, tally } from './tally.ts';
import type { Tally } from './tally.ts';

export type CountPlan = {
  count: number;
  perSecond: number;
  connections: number;
  /** of padding in each request */
  bytes: number;
  breaks: readonly Break[];
  /** keys of the bridge beside the sink's */
  set: Readonly<Record<string, string>>;
};

/** One broker, or several: only those can do without one. */
export type Brokers = Pick<LoneBroker, 'kafka'> & Pick<Cluster, 'broker'> & Partial<Pick<Cluster, 'replicas' | 'all' | 'moveLeaders'>>;

let runs = 0;

/** Sends, breaks what it is told to, lets everything settle, stops the bridge and reads the topics back. */
export async function countedRun(
  broker: Brokers,
  plan: CountPlan,
  tell: (line: string) => void = () => {},
): Promise<Tally & { exit: number | null; log: string }> {
  const prefix = `count-${process.pid}-${++runs}`;
  const topics = SIGNALS.map((signal) => `${prefix}-${signal}`);
  await makeTopics(
    broker.kafka,
    topics.map((topic) => ({ topic, numPartitions: 3, replicationFactor: broker.replicas ?? 1 })),
  );
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-count-'));
  const [grpc, http] = (await freePorts(2)) as [number, number];
  const keys = {
    'bridge.sink': 'kafka',
    'bridge.kafka.bootstrap.servers': broker.kafka,
    'otlp.message.format': 'protobuf',
    'otlp.grpc.port': String(grpc),
    'otlp.http.port': String(http),
    ...Object.fromEntries(SIGNALS.map((signal) => [SIGNAL[signal].topicKey, `${prefix}-${signal}`])),
    ...plan.set,
  };
  const start = (): Promise<BridgeProcess> => startBridgeProcess(keys, { folder });
  let bridge = await start();
  let log = '';
  const startedAt = Date.now();
  const say = (what: string) => tell(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${what}`);

  const several = (): Pick<Cluster, 'all' | 'moveLeaders'> => {
    const { all, moveLeaders } = broker;
    if (!all || !moveLeaders) throw new Error('one broker is all there is: give --brokers 3');
    return { all, moveLeaders };
  };
  const doBreak = async ({ what, forMs }: Break): Promise<void> => {
    say(what);
    if (what === 'broker-freeze') broker.broker.signal('SIGSTOP');
    if (what === 'broker-kill') await broker.broker.kill();
    if (what === 'leaders-move') await several().moveLeaders(topics);
    if (what === 'outage') await several().all.kill();
    if (what === 'bridge-kill') bridge.kill('SIGKILL');
    const code = what.startsWith('bridge') ? await bridge.stop() : null;
    if (what === 'bridge-stop') say(`the bridge ended with ${code}`);
    await pause(forMs);
    if (what === 'broker-freeze') broker.broker.signal('SIGCONT');
    if (what === 'broker-kill') await broker.broker.start();
    if (what === 'outage') await several().all.start();
    if (what.startsWith('bridge')) {
      log += bridge.log();
      bridge = await start();
    }
    say(`${what} is over`);
  };
  const breaking = async (): Promise<void> => {
    for (const one of plan.breaks) {
      await pause(Math.max(0, one.atMs - (Date.now() - startedAt)));
      await doBreak(one);
    }
  };

  try {
    const [sent] = await Promise.all([sendAll({ grpc, http }, plan), breaking()]);
    say('everything is sent');
    await until('the queues to be empty', () => isDrained(bridge), 120_000);
    const exit = await bridge.stop();
    log += bridge.log();
    return { ...tally(sent, await storedIds(broker.kafka, prefix)), exit, log };
  } finally {
    await bridge.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isDrained({ metricsUrl }: BridgeProcess): Promise<true | undefined> {
  const { derived, gauges } = (await (await fetch(metricsUrl)).json()) as Record<'derived' | 'gauges', Record<string, number>>;
  return (derived.TotalLagCount === 0 && gauges.RequestsWaiting === 0) || undefined;
}

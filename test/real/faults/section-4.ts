/** Queue, drops and ratios. */
import { drilled, expected } from './fault.ts';
import type { Fault } from './fault.ts';
import type { BridgeScene, Counters } from './bridge-scene.ts';
import { L2, startBursts, startLoads } from './loads.ts';
import type { RealScene } from './real-scene.ts';
import { throttled as throttledOnBridge } from './section-3-bridge.ts';
import { SMALL, throttled, topicMissing } from './section-3.ts';

type Scene = RealScene | BridgeScene;

const queued = ({ TotalMessagesReceived = 0, RecordsProduced = 0 }: Counters): number => TotalMessagesReceived - RecordsProduced;
const lost = ({ TotalMessagesDropped = 0, TotalMessagesRefused = 0 }: Counters): number => TotalMessagesDropped + TotalMessagesRefused;

/** Bursts come often enough for one to fall into any window of 5 s. */
const BURST = { signal: 'traces', count: 500, everyMs: 2500 } as const;

const bursting = async (scene: Scene): Promise<void> => {
  const before = lost(await scene.beanWhen('the counters', () => true));
  startBursts(scene, scene.grpc, BURST);
  await scene.beanWhen('losses', (values) => lost(values) > before, 30_000);
};

const flowing = async (scene: BridgeScene): Promise<void> => {
  scene.load(L2);
  await scene.beanWhen('messages to flow', ({ RecordsProduced = 0 }) => RecordsProduced > 0);
};

const oneBusySignal = (perSecond: number) => (scene: Scene) => scene.load([{ over: 'grpc', signal: 'traces', perSecond }]);

/** Fills fast, then goes on just above what one busy signal drains. */
const nearFull = async (scene: RealScene): Promise<void> => {
  const stopFilling = oneBusySignal(1500)(scene);
  await scene.beanWhen('a queue of 8,600', (values) => queued(values) > 8600, 60_000);
  await stopFilling();
  oneBusySignal(520)(scene);
  await scene.beanWhen('a queue of 8,800', (values) => queued(values) > 8800, 60_000);
};

const HISTORY = 100_000;

const afterHistory = async (scene: Scene): Promise<void> => {
  const streams = (['traces', 'metrics', 'logs'] as const).map((signal) => ({ over: 'grpc' as const, signal, perSecond: 900 }));
  const end = startLoads(scene, scene, streams);
  await scene.beanWhen(`${HISTORY} accepted`, ({ TotalMessagesReceived = 0 }) => TotalMessagesReceived > HISTORY, 300_000);
  await end();
  await bursting(scene);
};

export const SECTION_4: readonly Fault[] = [
  {
    id: 'burst-over-queue',
    expect: expected(2, 'queue-overflow'),
    real: { connector: { 'otlp.message.queue.size': '100' }, inject: bursting },
    bridge: { set: { 'otlp.message.queue.size': '100', 'bridge.drain.max.per.second': '1000' }, inject: bursting },
  },
  {
    id: 'single-signal-poll-ceiling',
    expect: expected(2, 'poll-ceiling'),
    real: {
      inject: async (scene) => {
        oneBusySignal(800)(scene);
        await scene.beanWhen('losses', (values) => lost(values) > 0, 120_000);
      },
    },
    bridge: {
      expect: expected(0, 'none'),
      inject: async (scene) => {
        oneBusySignal(800)(scene);
        await scene.beanWhen('8,000 messages', ({ RecordsProduced = 0 }) => RecordsProduced > 8000, 60_000);
      },
    },
  },
  {
    id: 'queue-near-full-gauges-dead',
    expect: expected(1, 'queue-near-capacity'),
    real: { inject: nearFull },
    bridge: {
      set: { 'otlp.message.queue.size': '1000', 'bridge.drain.max.per.second': '5' },
      inject: async (scene) => {
        const stop = scene.load([{ over: 'http', signal: 'traces', perSecond: 200 }]);
        await scene.beanWhen('a queue of 860', ({ TracesQueueSize = 0 }) => TracesQueueSize > 860, 30_000);
        await stop();
        scene.load([{ over: 'http', signal: 'traces', perSecond: 6 }]);
      },
    },
  },
  {
    id: 'http-503-grpc-ok',
    expect: expected(2, 'kafka-throttled'),
    real: {
      connector: SMALL,
      inject: throttled([
        { over: 'grpc', signal: 'traces', perSecond: 200, bytes: 1000 },
        { over: 'http', signal: 'traces', perSecond: 200, bytes: 1000 },
      ]),
    },
    bridge: throttledOnBridge([
      { over: 'grpc', signal: 'traces', perSecond: 200, bytes: 1000 },
      { over: 'http', signal: 'traces', perSecond: 200, bytes: 1000 },
    ]),
  },
  {
    id: 'drops-diluted-by-history',
    expect: expected(2, 'queue-overflow'),
    real: { connector: { 'otlp.message.queue.size': '100' }, inject: afterHistory },
    bridge: { set: { 'otlp.message.queue.size': '100', 'bridge.drain.max.per.second': '3000' }, inject: afterHistory },
  },
  {
    id: 'drop-rate-over-100',
    expect: expected(2, 'topic-missing'),
    real: { connector: { ...SMALL, ...topicMissing.connector }, inject: topicMissing.inject },
    bridge: { expect: expected(2, 'queue-overflow'), ...drilled(['metrics:set TracesDropped=+400/s,DropRate=12000'], flowing) },
  },
];

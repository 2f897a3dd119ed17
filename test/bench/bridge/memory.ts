import { setTimeout as pause } from 'node:timers/promises';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { until } from '../../doubles/until.ts';
import { h2load, type Transport } from './h2load.ts';
import { heldArrayBuffersMb, INSPECTABLE } from './inspector.ts';
import { peakRssMb, rssMb } from './proc.ts';
import { requestFiles, requestOf } from './request.ts';

const REST_MS = 2000;
/** A bridge gives back what it can once it has been at rest for 30 s. */
const LONG_REST_MS = 45_000;
export const EACH = 10_000;
const BODY_BYTES = 2_000;
export const PAYLOAD_MB = (SIGNALS.length * EACH * BODY_BYTES) / 1e6;

type Metrics = { counters: Record<string, number>; gauges: Record<string, number> };
const metricsOf = async (bridge: BridgeProcess): Promise<Metrics> => (await (await fetch(bridge.metricsUrl)).json()) as Metrics;

/** A bridge that nobody has talked to yet, at rest. */
export async function idleRssMb(): Promise<number> {
  const bridge = await startBridgeProcess({ 'bridge.sink': 'memory' });
  await pause(REST_MS);
  const rss = rssMb(bridge.pid);
  await bridge.stop();
  return rss;
}

async function setPaused(bridge: BridgeProcess, to: 'pause' | 'resume'): Promise<void> {
  const { status } = await fetch(`${bridge.connectUrl}/connectors/otlp-source/${to}`, { method: 'PUT' });
  if (status !== 202) throw new Error(`${to} was answered with ${status}`);
}

export type FullQueues = { rssMb: number; peakRssMb: number; arrayBuffersMb: number };

/** Three queues of 10,000 requests of 2 KB each, sent over real sockets to a paused connector; then all of it must still come out. */
export async function fullQueues(transport: Transport, folder: string): Promise<FullQueues> {
  const bridge = await startBridgeProcess({ 'bridge.sink': 'memory', 'otlp.message.queue.size': String(EACH) }, { node: INSPECTABLE });
  try {
    await setPaused(bridge, 'pause');
    for (const signal of SIGNALS) {
      const files = requestFiles(folder, `2kB-${signal}`, requestOf(signal, BODY_BYTES));
      await h2load(transport, bridge.ports[transport]!, files[transport], EACH, signal);
    }
    const { gauges } = await metricsOf(bridge);
    for (const signal of SIGNALS)
      if (gauges[SIGNAL[signal].queueSize] !== EACH)
        throw new Error(`${gauges[SIGNAL[signal].queueSize]} of ${EACH} are queued of ${signal}`);
    await pause(LONG_REST_MS);
    const figures = { rssMb: rssMb(bridge.pid), peakRssMb: peakRssMb(bridge.pid), arrayBuffersMb: await heldArrayBuffersMb(bridge) };
    await setPaused(bridge, 'resume');
    await until('the queues to be drained', async () =>
      (await metricsOf(bridge)).counters['RecordsProduced'] === SIGNALS.length * EACH ? true : undefined,
    );
    return figures;
  } finally {
    await bridge.stop();
  }
}

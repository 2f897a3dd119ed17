import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { until } from '../../doubles/until.ts';
import { startCollector } from '../../real/collector/collector-process.ts';
import { freePorts } from '../../real/stand/ports.ts';
import type { Transport } from './h2load.ts';
import { SPANS } from './request.ts';

/** A server that takes Export requests, as a process of its own. */
export type Server = {
  pid: number;
  ports: Readonly<Record<Transport, number>>;
  /** requests of traces it has taken so far, by its own count */
  counted(): Promise<number>;
  stop(): Promise<unknown>;
};

type Metrics = { counters: Record<string, number> };

/** The bridge as it is shipped, with the memory sink. */
export async function bridgeServer(set: Record<string, string> = {}): Promise<Server> {
  const bridge = await startBridgeProcess({ 'bridge.sink': 'memory', ...set });
  return {
    pid: bridge.pid,
    ports: { http: bridge.ports.http!, grpc: bridge.ports.grpc! },
    counted: async () => ((await (await fetch(bridge.metricsUrl)).json()) as Metrics).counters[SIGNAL.traces.received]!,
    stop: () => bridge.stop(),
  };
}

/** One of the bare loops, which serves one transport. */
export async function bareServer(transport: Transport, walk: boolean): Promise<Server> {
  const child = fork(resolve(import.meta.dirname, `bare-${transport}.ts`), walk ? ['walk'] : []);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    pid: child.pid!,
    ports: { http: port, grpc: port },
    async counted() {
      const answer = once(child, 'message');
      child.send('count');
      return ((await answer) as [{ count: number }])[0].count;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

const ACCEPTED_SPANS = /^otelcol_receiver_accepted_spans(?:_total)?\{.*\} ([\d.e+]+)$/gm;

/** The Collector, from its OTLP receiver to an exporter, which drops everything unless another is given. It counts spans, by transport. */
export async function collectorServer(exporters: Record<string, object> = { nop: {} }): Promise<Server> {
  const [metricsPort] = (await freePorts(1)) as [number];
  const collector = await startCollector({ exporters, pipelines: { traces: Object.keys(exporters) }, metricsPort });
  const look = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  await until('the metrics of the Collector', () => look().catch(() => undefined));
  return {
    pid: collector.pid,
    ports: { grpc: collector.port, http: collector.httpPort },
    counted: async () => [...(await look()).matchAll(ACCEPTED_SPANS)].reduce((sum, [, spans]) => sum + Number(spans) / SPANS, 0),
    stop: collector.stop,
  };
}

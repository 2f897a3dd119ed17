import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schema } from '../../../proto/schema.ts';
import { SIGNAL, SIGNALS, type Signal } from '../../../proto/vocabulary/signals.ts';
import type { BridgeProcess } from '../../doubles/bridge-process.ts';
import { until } from '../../doubles/until.ts';

type PerSignal<T> = Record<Signal, T>;
type Named = { name: string };
type Metric = Named & Partial<Record<'gauge' | 'sum' | 'histogram', { dataPoints: unknown[] }>>;
type Resource = {
  resource: { attributes: { key: string; value: { stringValue?: string } }[] };
  scopeSpans?: { spans: Named[] }[];
  scopeMetrics?: { metrics: Metric[] }[];
  scopeLogs?: { logRecords: { body: { stringValue: string } }[] }[];
};
type Request = Partial<Record<'resourceSpans' | 'resourceMetrics' | 'resourceLogs', Resource[]>>;

export type Arrived = {
  /** Export requests accepted, and told to come again */
  received: PerSignal<number>;
  refused: PerSignal<number>;
  /** content types of the records stored, each once */
  types: string[];
  /** `SERVICE: NAME` of every span, data point (named after its metric) and log record (its body) stored */
  items: PerSignal<string[]>;
};

const perSignal = <T>(of: (signal: Signal) => T) => Object.fromEntries(SIGNALS.map((signal) => [signal, of(signal)])) as PerSignal<T>;

const NAMES: Readonly<PerSignal<(resource: Resource) => string[]>> = {
  traces: ({ scopeSpans = [] }) => scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)),
  metrics: ({ scopeMetrics = [] }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, gauge, sum, histogram }) => (gauge ?? sum ?? histogram)!.dataPoints.map(() => name)),
    ),
  logs: ({ scopeLogs = [] }) => scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body.stringValue)),
};

type Stored = { type: string; request: Request };

/** The records of a signal that the file sink keeps, each in the encoding it names. */
function storedBy(bridge: BridgeProcess, signal: Signal): Stored[] {
  const lines = readFileSync(join(bridge.folder, 'data', `${SIGNAL[signal].topic}.jsonl`), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => {
    const { headers, value } = JSON.parse(line) as { headers: { 'content-type': string }; value: string };
    const bytes = Buffer.from(value, 'base64');
    const type = headers['content-type'];
    const request = type === 'application/json' ? JSON.parse(bytes.toString()) : schema().lookupType(SIGNAL[signal].request).decode(bytes);
    return { type, request: request as Request };
  });
}

function itemsOf(signal: Signal, { resourceSpans, resourceMetrics, resourceLogs }: Request): string[] {
  return (resourceSpans ?? resourceMetrics ?? resourceLogs ?? []).flatMap((resource) => {
    const service = resource.resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
    return NAMES[signal](resource).map((name) => `${service}: ${name}`);
  });
}

export const countersOf = async (bridge: BridgeProcess): Promise<Record<string, number>> =>
  ((await (await fetch(bridge.metricsUrl)).json()) as { counters: Record<string, number> }).counters;

/**
 * What a bridge that nobody sends to any more has counted and stored, once it has stored at least `requests`. Fails where it dropped something, and where
 * what is stored is not exactly what was accepted.
 */
export async function arrived(bridge: BridgeProcess, requests: number, deadlineMs?: number): Promise<Arrived> {
  const counters = await until(
    `${requests} requests to be stored`,
    async () => {
      const now = await countersOf(bridge);
      return now.RecordsProduced! >= requests ? now : undefined;
    },
    deadlineMs,
  );
  const received = perSignal((signal) => counters[SIGNAL[signal].received]!);
  const stored = perSignal((signal) => (received[signal] === 0 ? [] : storedBy(bridge, signal)));
  assert.deepEqual(
    perSignal((signal) => counters[SIGNAL[signal].dropped]),
    perSignal(() => 0),
    'nothing is dropped',
  );
  assert.deepEqual(
    perSignal((signal) => stored[signal].length),
    received,
    'what was accepted is stored',
  );
  return {
    received,
    refused: perSignal((signal) => counters[SIGNAL[signal].refused]!),
    types: [...new Set(SIGNALS.flatMap((signal) => stored[signal].map(({ type }) => type)))],
    items: perSignal((signal) => stored[signal].flatMap(({ request }) => itemsOf(signal, request)).sort()),
  };
}

/** What is there once a service has placed three orders, each a span, a count and a log record, and has handed on each signal in one export. */
export const threeOrdersOf = (service: string, type: string): Arrived => ({
  received: { traces: 1, metrics: 1, logs: 1 },
  refused: { traces: 0, metrics: 0, logs: 0 },
  types: [type],
  items: {
    traces: Array<string>(3).fill(`${service}: place order`),
    metrics: Array<string>(2).fill(`${service}: orders.placed`),
    logs: [1, 2, 3].map((order) => `${service}: order ${order} placed`),
  },
});

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Signal } from '../../../proto/vocabulary/signals.ts';
import { load } from '../../doubles/load.ts';
import { otlpctl } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';

/** What `capacity --from-target --format json` prints, as far as it is judged here. */
export type Document = {
  recommendedQueueSize: number;
  measured: {
    peakPerSecond: number;
    messageSizeBytes: number;
    busiest: string;
    sources: Record<'peak' | 'burst' | 'messageSize', { from: string }>;
  };
  live: { heapBytes: number | null; queueSize: number };
  ceiling: { instances: number; signal: string } | null;
  formats: { records: number; form: string; jsonBytes: number; protobufBytes: number } | null;
  partitions: { topic: string; partitions: number; wanted: number }[];
};

export const near = (is: number, expected: number, what: string, percent = 5): void =>
  assert.ok(Math.abs(is - expected) <= (expected * percent) / 100, `${what}: ${is}, and it is ${expected}`);

/** Load that goes on until the test ends, and runs at its rate: whoever was late in the beginning has caught up. */
export async function under(t: TestContext, port: number, perSecond: number, signal: Signal, body: Buffer): Promise<void> {
  const stop = new AbortController();
  const counts = { sent: 0, accepted: 0, refused: 0, other: 0 };
  const began = Date.now();
  const sending = load({ port, signal, perSecond, connections: 8, body }, stop.signal, counts);
  t.after(async () => {
    stop.abort();
    await sending;
  });
  const behind = () => ((Date.now() - began) / 1000) * perSecond - counts.sent;
  await until('load to run at its rate', () => (counts.accepted > perSecond && behind() < perSecond / 20) || undefined, 60_000);
}

export const WINDOW = ['--window', '6', '--timeout', '20'];
/** In a process of its own: in this one it would get in the way of the load, which then catches up in a burst. */
export async function capacity(...words: string[]): Promise<Document> {
  const { code, stdout, stderr } = await otlpctl(['capacity', '--from-target', ...WINDOW, ...words, '--format', 'json']);
  assert.deepEqual([code, stderr], [0, '']);
  return JSON.parse(stdout) as Document;
}

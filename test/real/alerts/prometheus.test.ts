import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { load } from '../../doubles/load.ts';
import { otlpctl } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import { startPrometheus } from './prometheus.ts';
import { faster, rulesOf } from './tools.ts';

/** Ranges and `for` are seconds instead of minutes: ten of them are the longest that an alert takes. */
const LONG_MS = 40_000;

test('a real Prometheus scrapes a bridge by the rules written for it: silent while all is well, firing on each fault, and silent again', async (t) => {
  const bridge = await startBridgeProcess({ 'otlp.message.queue.size': '100', 'bridge.drain.max.per.second': '60' });
  let isUp = true;
  t.after(() => (isUp ? bridge.stop() : undefined));
  const page = `127.0.0.1:${bridge.ports.metrics}`;
  const { text } = await rulesOf(...bridge.target);
  const prometheus = await startPrometheus(page, faster(text));
  t.after(() => prometheus.stop());
  const ends: AbortController[] = [];
  t.after(() => ends.forEach((end) => end.abort()));
  const send = (perSecond: number) => {
    const end = new AbortController();
    ends.push(end);
    const sending = load({ port: bridge.ports.http!, signal: 'traces', perSecond }, end.signal);
    return async () => (end.abort(), await sending);
  };
  const fires = (...wanted: string[]) =>
    until(
      `${wanted.join(', ')} to fire`,
      async () => {
        const now = await prometheus.firing();
        return wanted.every((name) => now.includes(name)) ? now : undefined;
      },
      LONG_MS,
    );
  // Idle, then steady traffic of one signal for longer than any alert takes: nothing.
  const stop = send(20);
  await until('twelve seconds of traffic', async () => ((await prometheus.value('otlp_TracesReceived')) ?? 0) >= 240 || undefined, LONG_MS);
  assert.deepEqual(await prometheus.firing(), []);
  await stop();

  const burst = send(400);
  const loud = await fires('HighMessageDropRate', 'HighQueueUtilization', 'HighProcessingLag', 'TracesLossHigh', 'TracesQueueRefusing');
  assert.deepEqual(loud, ['HighMessageDropRate', 'HighProcessingLag', 'HighQueueUtilization', 'TracesLossHigh', 'TracesQueueRefusing']);
  // The history that Prometheus has kept is what a live look asks.
  const look = await otlpctl(['alerts', ...bridge.target, '--prometheus-url', prometheus.url, '--window', '1', '--format', 'json']);
  const document = JSON.parse(look.stdout) as {
    status: string;
    history: { sources: string[]; readings: number };
    alerts: { id: string; state: string }[];
  };
  assert.deepEqual([look.code, document.status], [2, 'critical'], look.stdout);
  assert.equal(document.history.sources.length, 2, JSON.stringify(document.history));
  assert.ok(document.history.readings > 2);
  assert.equal(document.alerts.find(({ id }) => id === 'OTLPMetricsAbsent')?.state, 'silent');
  assert.notEqual(document.alerts.find(({ id }) => id === 'HighMessageDropRate')?.state, 'silent');
  await burst();

  assert.deepEqual(await fires('OTLPNoMessagesReceived', 'TracesNotReceived'), ['OTLPNoMessagesReceived', 'TracesNotReceived']);
  isUp = false;
  await bridge.stop();
  assert.deepEqual(await fires('OTLPMetricsAbsent'), ['OTLPMetricsAbsent']);
});

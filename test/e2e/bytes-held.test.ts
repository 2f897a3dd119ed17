import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBridgeProcess } from '../doubles/bridge-process.ts';
import { exportRequest, load } from '../doubles/load.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';
import { until } from '../doubles/until.ts';

const LIMIT = 2_000_000;
const REQUEST = exportRequest('traces', 'x'.repeat(100_000));

type Report = { diagnoses: { id: string; status: string; sentence: string; remedies: { command: string }[] }[] };

/** Perfdata of a look, as a monitoring system hands it to the next one. */
async function health(target: readonly string[], ...more: string[]) {
  const { code, stdout } = await otlpctl(['health', ...target, ...more]);
  const [text = '', perfdata = ''] = stdout.trim().split(' | ');
  return { code, text, perfdata };
}

test('a bridge that holds all the bytes it may refuses, and doctor, health and metrics name that limit', async (t) => {
  // The queues hold 10,000 requests: they are never what is full here.
  const bridge = await startBridgeProcess({ 'bridge.queue.max.bytes': String(LIMIT), 'bridge.drain.max.per.second': '20' });
  t.after(() => bridge.stop());
  const metrics = async () => (await (await fetch(bridge.metricsUrl)).json()) as Record<'counters' | 'gauges', Record<string, number>>;
  const before = await health(bridge.target);
  assert.match(before.perfdata, /'refused_for_bytes'=0c;;;0 'held'=0B;1600000;2000000;0;2000000/);
  const at = Math.floor(Date.now() / 1000) - 1;

  const enough = new AbortController();
  const loading = load({ port: bridge.ports.http!, signal: 'traces', perSecond: 60, body: REQUEST }, enough.signal);
  t.after(() => enough.abort());
  await until('refusals', async () => ((await metrics()).counters['RefusedQueueBytesFull']! > 5 ? true : undefined));

  const { stdout } = await otlpctl(['doctor', '--window', '2', '--format', 'json', ...bridge.target]);
  const [first] = (JSON.parse(stdout) as Report).diagnoses;
  assert.equal(first!.id, 'queue-overflow', stdout);
  assert.match(first!.sentence, /^Bytes held reached bridge\.queue\.max\.bytes \(now [12]\.\d MB of 2\.0 MB, \d+ %\): \d+ of \d+ offered/);
  assert.match(first!.sentence, /it was full all the time/);
  assert.ok(first!.remedies.every(({ command }) => !command.includes('otlp.message.queue.size')));

  const now = await health(bridge.target, '--previous', before.perfdata, '--previous-at', String(at));
  assert.deepEqual([now.code, /CRITICAL - Bytes held reached bridge\.queue\.max\.bytes/.test(now.text)], [2, true], now.text);
  for (const path of ['/metrics.json', '/metrics', '/jolokia/']) {
    const source = ['--connect-url', bridge.connectUrl, '--metrics-url', new URL(path, bridge.metricsUrl).href];
    const shown = (await otlpctl(['metrics', '--window', '0', ...source])).stdout;
    assert.match(shown, /RefusedQueueBytesFull +[1-9]\d*/, path);
    assert.match(shown, /HeldBytesLimit +2\.0 MB/, path);
  }

  enough.abort();
  const { refused, other } = await loading;
  assert.ok(refused > 0);
  assert.equal(other, 0);
});

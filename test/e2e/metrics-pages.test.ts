import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';
import { load } from '../doubles/load.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';
import { until } from '../doubles/until.ts';

let bridge: BridgeProcess;
before(async () => {
  bridge = await startBridgeProcess();
  const stop = new AbortController();
  const counts = { sent: 0, accepted: 0, refused: 0, other: 0 };
  const loading = load({ port: bridge.ports.http!, signal: 'logs', perSecond: 500 }, stop.signal, counts);
  await until('30 requests', () => (counts.accepted >= 30 ? true : undefined));
  stop.abort();
  await loading;
});
after(() => bridge.stop());

type Rows = { attributes: { name: string; value: number | null }[] };
const attributes = async (metricsUrl: string): Promise<Record<string, number | null>> => {
  const { stdout, stderr } = await otlpctl([
    'metrics',
    '--format',
    'json',
    '--connect-url',
    bridge.connectUrl,
    '--metrics-url',
    metricsUrl,
    '--window',
    '0',
  ]);
  try {
    const { attributes } = JSON.parse(stdout) as Rows;
    return Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
  } catch {
    throw new Error(`${stdout}${stderr}`);
  }
};

const PAGES = ['/metrics', '/jolokia/', '/'];
for (const page of PAGES)
  test(`doctor reads the same from ${page} as from /metrics.json`, async () => {
    const url = `http://127.0.0.1:${bridge.ports.metrics}${page}`;
    const [json, other] = [await attributes(bridge.metricsUrl), await attributes(url)];
    assert.ok(json['LogsReceived']! >= 30);
    assert.deepEqual(other, json);
    const doctor = await otlpctl(['doctor', '--window', '1', '--connect-url', bridge.connectUrl, '--metrics-url', url]);
    assert.equal(doctor.code, 0, doctor.stdout);
  });

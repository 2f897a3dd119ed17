import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gather } from '../../checks/gather.ts';
import { diagnose } from '../../checks/diagnose.ts';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';
import { load } from '../doubles/load.ts';
import { otlpctl } from '../doubles/otlpctl.ts';

let bridge: BridgeProcess;
const stop = new AbortController();
let loading: Promise<unknown>;

before(async () => {
  bridge = await startBridgeProcess();
  loading = Promise.all(
    (['traces', 'metrics', 'logs'] as const).map((signal) => load({ port: bridge.ports.http!, signal, perSecond: 50 }, stop.signal)),
  );
});
after(async () => {
  stop.abort();
  await loading;
  assert.equal(await bridge.stop(), 0);
});

test('100 looks at a healthy, busy bridge, ten at a time: not one finding', async () => {
  const target = { connectUrl: new URL(bridge.connectUrl), metricsUrl: new URL(bridge.metricsUrl) };
  const findings: string[] = [];
  const one = async () => {
    const settings = {
      timeoutMs: 10_000,
      windowMs: 1000,
      expect: ['traffic'],
      given: ['connect-url', 'metrics-url'],
      version: 'test',
      env: {},
      now: Date.now,
    };
    const report = diagnose(await gather(target, settings));
    findings.push(...report.diagnoses.filter(({ status }) => status !== 'ok').map(({ id, sentence }) => `${id}: ${sentence}`));
    if (report.status !== 'ok') findings.push(`${report.status}: ${report.summary}`);
  };
  for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 10 }, one));
  assert.deepEqual(findings, []);
});

test('the command says so too, with exit code 0', async () => {
  const { code, stdout } = await otlpctl(['doctor', '--window', '1', ...bridge.target]);
  assert.equal(code, 0, stdout);
  const health = await otlpctl(['health', ...bridge.target]);
  assert.equal(health.code, 0, health.stdout);
  assert.match(health.stdout, /^OTLP OK - .*\| 'received'=\d+c;;;0 'dropped'=0c;;;0 'queued'=\d+;8000;10000;0;30000/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { exportRequest } from '../../doubles/load.ts';
import { capacity, near, under } from './measuring.ts';

test('a bridge under a known load: peak and size within 5 %', async (t) => {
  const bridge = await startBridgeProcess({ 'bridge.sink': 'memory' });
  t.after(() => bridge.stop());
  const body = exportRequest('logs', 'x'.repeat(3000));
  await under(t, bridge.ports.http!, 250, 'logs', body);
  const { measured } = await capacity(...bridge.target);
  near(measured.peakPerSecond, 250, 'peak');
  near(measured.messageSizeBytes, body.length, 'size');
  assert.deepEqual([measured.busiest, measured.sources.peak.from, measured.sources.messageSize.from], ['logs', 'metrics', 'bridge']);
  t.diagnostic(`250 msg/s of ${body.length} B: ${measured.peakPerSecond} msg/s of ${measured.messageSizeBytes} B`);
});

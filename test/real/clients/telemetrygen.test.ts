import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { arrived } from './arrived.ts';
import { telemetrygen } from './telemetrygen.ts';

for (const [transport, ...flags] of [['grpc'], ['http', '--otlp-http']] as const)
  test(`telemetrygen over ${transport}: each signal in one batch, and of each trace a span and its child`, async (t) => {
    const bridge = await startBridgeProcess();
    t.after(() => bridge.stop());
    for (const signal of SIGNALS) await telemetrygen(signal, bridge.ports[transport]!, 5, flags);
    assert.deepEqual(await arrived(bridge, 3), {
      received: { traces: 1, metrics: 1, logs: 1 },
      refused: { traces: 0, metrics: 0, logs: 0 },
      types: ['application/x-protobuf'],
      items: {
        traces: [...Array<string>(5).fill('telemetrygen: lets-go'), ...Array<string>(5).fill('telemetrygen: okey-dokey-0')],
        metrics: Array(5).fill('telemetrygen: gen'),
        logs: Array(5).fill('telemetrygen: the message'),
      },
    });
  });

test('telemetrygen without batches: as many requests as log records', async (t) => {
  const bridge = await startBridgeProcess();
  t.after(() => bridge.stop());
  await telemetrygen('logs', bridge.ports.grpc!, 50, ['--batch=false']);
  const { received, items } = await arrived(bridge, 50);
  assert.deepEqual([received.logs, items.logs.length], [50, 50]);
});

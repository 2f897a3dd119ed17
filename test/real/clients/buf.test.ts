import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { BUF } from '../tools.ts';
import { arrived } from './arrived.ts';

let bridge: BridgeProcess;
let address: string;
before(async () => {
  bridge = await startBridgeProcess();
  address = `http://127.0.0.1:${bridge.ports.grpc}`;
});
after(() => bridge.stop());

const GRPC = ['--http2-prior-knowledge', '--protocol', 'grpc'];
const curl = (...args: string[]) => execa(BUF, ['curl', ...args]);
const services = SIGNALS.map((signal) => SIGNAL[signal].service).sort();

for (const reflection of ['grpc-v1', 'grpc-v1alpha'])
  test(`buf curl lists services and methods by reflection ${reflection}`, async () => {
    const list = async (what: string) =>
      (await curl(...GRPC, '--reflect-protocol', reflection, what, address)).stdout.split('\n').filter(Boolean).sort();
    assert.deepEqual(await list('--list-services'), services);
    assert.deepEqual(
      await list('--list-methods'),
      services.map((service) => `${service}/Export`),
    );
  });

test('buf curl calls Export of each service with what reflection told it of the messages', async () => {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'buf' } }] };
  const point = { asInt: '1', timeUnixNano: '1800000000000000000' };
  const REQUESTS = {
    traces: {
      resourceSpans: [
        { resource, scopeSpans: [{ spans: [{ traceId: 'AQEBAQEBAQEBAQEBAQEBAQ==', spanId: 'AQEBAQEBAQE=', name: 'a span' }] }] },
      ],
    },
    metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'a gauge', gauge: { dataPoints: [point] } }] }] }] },
    logs: { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ body: { stringValue: 'a line' } }] }] }] },
  };
  for (const signal of SIGNALS) {
    const { stdout } = await curl(...GRPC, '-d', JSON.stringify(REQUESTS[signal]), `${address}/${SIGNAL[signal].service}/Export`);
    assert.deepEqual(JSON.parse(stdout), {});
  }
  assert.deepEqual(await arrived(bridge, 3), {
    received: { traces: 1, metrics: 1, logs: 1 },
    refused: { traces: 0, metrics: 0, logs: 0 },
    types: ['application/x-protobuf'],
    items: { traces: ['buf: a span'], metrics: ['buf: a gauge'], logs: ['buf: a line'] },
  });
});

test('buf curl knows from reflection which fields a message has', async () => {
  const ran = await execa(BUF, ['curl', ...GRPC, '-d', '{"resourceSpanz": []}', `${address}/${SIGNAL.traces.service}/Export`], {
    reject: false,
  });
  assert.notEqual(ran.exitCode, 0);
  assert.match(ran.stderr, /resourceSpanz/);
});

test("buf curl's own protocol is Connect, which the bridge does not speak: without --protocol grpc it gets 415", async () => {
  const ran = await execa(BUF, ['curl', '--list-methods', address], { reject: false });
  assert.equal(ran.exitCode, 1);
  assert.match(ran.stderr, /415 Unsupported Media Type/);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';
import { otlpctl } from '../doubles/otlpctl.ts';
import { GRPCURL } from './tools.ts';

let bridge: BridgeProcess;
let place: string;
before(async () => {
  bridge = await startBridgeProcess();
  place = `127.0.0.1:${bridge.ports.grpc}`;
});
after(() => bridge.stop());

const grpcurl = (...args: string[]) => execa(GRPCURL, ['-plaintext', ...args]);
const services = SIGNALS.map((signal) => SIGNAL[signal].service).sort();

test('grpcurl lists the three services of the runbook', async () => {
  const { stdout } = await grpcurl(place, 'list');
  assert.deepEqual(stdout.split('\n').sort(), services);
});

test('grpcurl describes a service and a message', async () => {
  assert.match((await grpcurl(place, 'describe', SIGNAL.traces.service)).stdout, /rpc Export \(/);
  assert.match((await grpcurl(place, 'describe', 'opentelemetry.proto.metrics.v1.HistogramDataPoint')).stdout, /optional double sum = 5;/);
});

test('grpcurl calls Export by reflection, and the message is counted', async () => {
  const span = { traceId: Buffer.alloc(16, 1).toString('base64'), spanId: Buffer.alloc(8, 1).toString('base64'), name: 'by hand' };
  const request = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  const { stdout } = await grpcurl('-d', request, place, `${SIGNAL.traces.service}/Export`);
  assert.deepEqual(JSON.parse(stdout), {});
  const { counters } = (await (await fetch(bridge.metricsUrl)).json()) as { counters: Record<string, number> };
  assert.equal(counters.TracesReceived, 1);
});

test('otlpctl grpc list and describe say what grpcurl says', async () => {
  const listed = await otlpctl(['grpc', 'list', '--otlp-grpc', place, '--format', 'json']);
  assert.deepEqual((JSON.parse(listed.stdout) as { services: string[] }).services.sort(), services);
  const described = await otlpctl(['grpc', 'describe', SIGNAL.logs.service, '--otlp-grpc', place]);
  assert.equal(described.stdout.trim(), (await grpcurl(place, 'describe', SIGNAL.logs.service)).stdout.trim());
});

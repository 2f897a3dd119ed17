import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { SIGNAL, SIGNALS, type Signal } from '../../../proto/vocabulary/signals.ts';
import { walkJson } from '../../../bridge/intake/json.ts';
import { shapeOf } from '../../../bridge/intake/shape.ts';
import { walkWire } from '../../../bridge/intake/wire.ts';
import { startService } from './service.ts';

const PROGRAM = resolve(import.meta.dirname, '../../demo/service.ts');

for (const [protocol, encoding] of [
  ['grpc', 'protobuf'],
  ['http/protobuf', 'protobuf'],
  ['http/json', 'json'],
] as const)
  for (const compression of ['none', 'gzip'])
    test(`a program instrumented with the OpenTelemetry SDK, over ${protocol}, ${compression}: everything arrives`, async (t) => {
      const service = await startService(t);
      const { grpcPort, httpPort } = service.receivers;
      const { stderr } = await execa(process.execPath, [PROGRAM, '20'], {
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${protocol === 'grpc' ? grpcPort : httpPort}`,
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_EXPORTER_OTLP_COMPRESSION: compression,
          OTEL_TRACES_EXPORTER: 'otlp',
          OTEL_METRICS_EXPORTER: 'otlp',
          OTEL_LOGS_EXPORTER: 'otlp',
        },
        timeout: 20_000,
      });
      assert.equal(stderr, '');
      const items: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 };
      for (const message of service.offered) {
        assert.equal(message.encoding, encoding);
        const judged = (encoding === 'json' ? walkJson : walkWire)(message.body, shapeOf(SIGNAL[message.signal].request));
        items[message.signal] += 'items' in judged ? judged.items : Number.NaN;
      }
      assert.deepEqual(items, { traces: 20, metrics: 2, logs: 20 });
      assert.deepEqual(new Set(service.offered.map(({ signal }) => signal)), new Set(SIGNALS));
      assert.deepEqual(service.lines, []);
    });

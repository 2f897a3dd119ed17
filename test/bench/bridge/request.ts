import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schema } from '../../../proto/schema.ts';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';
import { exportRequest } from '../../doubles/load.ts';
import type { Transport } from './h2load.ts';

export const SPANS = 100;

const bytesOf = (seed: string, length: number): Buffer => createHash('sha256').update(seed).digest().subarray(0, length);
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const whole = (key: string, intValue: number) => ({ key, value: { intValue } });

/** What an instrumented HTTP service tells of one request: ids that do not repeat, three attributes that mostly do. */
const span = (index: number) => ({
  traceId: bytesOf(`trace ${index >> 2}`, 16),
  spanId: bytesOf(`span ${index}`, 8),
  parentSpanId: bytesOf(`span ${index - (index % 4)}`, 8),
  name: 'GET /api/v1/orders/{id}',
  kind: 2,
  startTimeUnixNano: `17954499230${String(index).padStart(8, '0')}`,
  endTimeUnixNano: `17954499231${String(index).padStart(8, '0')}`,
  attributes: [
    text('http.request.method', 'GET'),
    whole('http.response.status_code', index % 25 === 0 ? 503 : 200),
    whole('network.peer.port', 40_000 + index),
  ],
  status: {},
});

/** The Export request that all of ingest is measured with: 100 spans, protobuf, the same bytes at every run. */
export function hundredSpans(): Buffer {
  const type = schema().lookupType(SIGNAL.traces.request);
  const content = {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'orders'), text('deployment.environment.name', 'production')] },
        scopeSpans: [{ scope: { name: 'http', version: '1.4.0' }, spans: Array.from({ length: SPANS }, (_, index) => span(index)) }],
      },
    ],
  };
  return Buffer.from(type.encode(type.fromObject(content)).finish());
}

/** A valid Export request of exactly so many bytes (128 or more): its one item has a name as long as that takes. */
export function requestOf(signal: Signal, bytes: number): Buffer {
  const least = exportRequest(signal, 'x').length;
  // Lengths are varints that grow with the name: come near, then correct.
  for (let name = bytes - least; name > 0; name--) {
    const request = exportRequest(signal, 'x'.repeat(name));
    if (request.length === bytes) return request;
    if (request.length < bytes) break;
  }
  throw new Error(`no request of ${signal} is ${bytes} bytes long`);
}

/** A message as gRPC frames it: not compressed, its length, itself. */
export function grpcFrame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Writes what the generator is to post: one request, as each transport has it. */
export function requestFiles(folder: string, name: string, request: Buffer): Readonly<Record<Transport, string>> {
  const files = { http: join(folder, `${name}.http`), grpc: join(folder, `${name}.grpc`) };
  writeFileSync(files.http, request);
  writeFileSync(files.grpc, grpcFrame(request));
  return files;
}

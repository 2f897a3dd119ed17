import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { schema } from '../../../proto/schema.ts';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';
import type { Mark } from './mark.ts';

export const SEND_PROTOCOLS = ['grpc', 'http/protobuf', 'http/json'] as const;
export type SendProtocol = (typeof SEND_PROTOCOLS)[number];

/** INFO, and a span of kind INTERNAL. Source: opentelemetry/proto, SeverityNumber and SpanKind. */
const [INFO, INTERNAL] = [9, 1];
const SPAN_NS = 1_000_000n;

const attribute = (key: string, value: object) => ({ key, value });
const nanos = (ms: number): bigint => BigInt(ms) * 1_000_000n;

type Ids = { trace: Buffer; span: Buffer };

/** One Export request of one item, as OTLP/JSON has it: marked as a test of ours in its resource, its scope and the item itself. */
function request(signal: Signal, id: string, mark: Mark, version: string, ids: Ids, nowMs: number) {
  const now = nanos(nowMs);
  const resource = {
    attributes: [
      attribute('service.name', { stringValue: 'otlpctl' }),
      attribute('otlpctl.test', { boolValue: true }),
      attribute('otlpctl.test.run', { stringValue: mark.run }),
    ],
  };
  const scope = { name: 'otlpctl send', version };
  const attributes = [attribute('otlpctl.test.id', { stringValue: id })];
  const [start, end] = [String(now - SPAN_NS), String(now)];
  const traceId = ids.trace.toString('hex');
  const spanId = ids.span.toString('hex');
  switch (signal) {
    case 'traces': {
      const span = { traceId, spanId, name: 'otlpctl test', kind: INTERNAL, startTimeUnixNano: start, endTimeUnixNano: end, attributes };
      return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] };
    }
    case 'metrics': {
      const dataPoints = [{ timeUnixNano: end, asInt: '1', attributes }];
      return {
        resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [{ name: 'otlpctl.test', unit: '1', gauge: { dataPoints } }] }] }],
      };
    }
    case 'logs': {
      const record = {
        timeUnixNano: end,
        observedTimeUnixNano: end,
        severityNumber: INFO,
        severityText: 'INFO',
        body: { stringValue: id },
        attributes,
      };
      return { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] };
    }
  }
}

/** Makes the bodies of requests; ids are new for each. `gzip` compresses them for HTTP, where gRPC does it itself. */
export function payloads(options: { signal: Signal; protocol: SendProtocol; gzip: boolean; mark: Mark; version: string }) {
  const { signal, protocol, gzip, mark, version } = options;
  const type = protocol === 'http/json' ? undefined : schema().lookupType(SIGNAL[signal].request);
  return (number: number): Buffer => {
    const random = randomBytes(24);
    const ids = { trace: random.subarray(0, 16), span: random.subarray(16) };
    const message = request(signal, mark.idOf(number), mark, version, ids, Date.now());
    const bytes =
      type === undefined
        ? Buffer.from(JSON.stringify(message))
        : Buffer.from(type.encode(type.fromObject(withBytes(message, ids))).finish());
    return gzip && protocol !== 'grpc' ? gzipSync(bytes) : bytes;
  };
}

/** protobufjs reads text of a bytes field as base64, where OTLP/JSON has hex. */
function withBytes(message: ReturnType<typeof request>, { trace, span }: Ids): object {
  const [first] = message.resourceSpans ?? [];
  if (first === undefined) return message;
  const [one] = first.scopeSpans;
  return { resourceSpans: [{ ...first, scopeSpans: [{ ...one, spans: [{ ...one!.spans[0], traceId: trace, spanId: span }] }] }] };
}

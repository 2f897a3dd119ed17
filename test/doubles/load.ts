import { Agent, request } from 'node:http';
import { schema } from '../../proto/schema.ts';
import { SIGNAL, type Signal } from '../../proto/vocabulary/signals.ts';

/** One valid Export request of one span, data point or log record, marked with `name`. */
export function exportRequest(signal: Signal, name: string): Buffer {
  const service = { resource: { attributes: [{ key: 'service.name', value: { stringValue: 'otlpctl-test' } }] } };
  const now = String(Date.now()) + '000000';
  const content = {
    traces: {
      resourceSpans: [
        {
          ...service,
          scopeSpans: [
            { spans: [{ traceId: Buffer.alloc(16, 7), spanId: Buffer.alloc(8, 7), name, startTimeUnixNano: now, endTimeUnixNano: now }] },
          ],
        },
      ],
    },
    metrics: {
      resourceMetrics: [
        { ...service, scopeMetrics: [{ metrics: [{ name, gauge: { dataPoints: [{ timeUnixNano: now, asDouble: 1 }] } }] }] },
      ],
    },
    logs: { resourceLogs: [{ ...service, scopeLogs: [{ logRecords: [{ timeUnixNano: now, body: { stringValue: name } }] }] }] },
  }[signal];
  const type = schema().lookupType(SIGNAL[signal].request);
  return Buffer.from(type.encode(type.fromObject(content)).finish());
}

export type Load = { sent: number; accepted: number; refused: number; other: number };

/** Posts over `connections` connections at about `perSecond` in all until `stop` is aborted. Every answer is counted. `encoding`: what `body` is packed in. */
export async function load(
  options: { port: number; signal: Signal; perSecond: number; connections?: number; body?: Buffer; encoding?: 'gzip' },
  stop: AbortSignal,
  counts: Load = { sent: 0, accepted: 0, refused: 0, other: 0 },
): Promise<Load> {
  const { port, signal, perSecond, connections = 4, encoding } = options;
  const body = options.body ?? exportRequest(signal, 'load');
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-length': body.length,
    ...(encoding && { 'content-encoding': encoding }),
  };
  const post = () =>
    new Promise<void>((done) => {
      const asked = request({ agent, host: '127.0.0.1', port, method: 'POST', path: SIGNAL[signal].path, headers }, (answer) => {
        answer.resume().on('end', () => {
          if (answer.statusCode === 200) counts.accepted++;
          else if (answer.statusCode === 503) counts.refused++;
          else counts.other++;
          done();
        });
      });
      asked.on('error', () => (counts.other++, done()));
      asked.end(body);
      counts.sent++;
    });
  const startedAt = Date.now();
  const worker = async () => {
    while (!stop.aborted) {
      const ahead = counts.sent - ((Date.now() - startedAt) / 1000) * perSecond;
      if (ahead > 0) await new Promise((wake) => setTimeout(wake, Math.min(50, (ahead / perSecond) * 1000)));
      else await post();
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return counts;
}

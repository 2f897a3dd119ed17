import { Agent, request } from 'node:http';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import type { Signal } from '../../../proto/vocabulary/signals.ts';
import { exportRequest } from '../../doubles/load.ts';
import { grpcClient } from '../faults/loads.ts';

/** acknowledged: answered OK · refused: told no · unanswered: nobody knows */
export type Fate = 'acknowledged' | 'refused' | 'unanswered';
/** Each request by its id, sent once. */
export type Sent = Map<string, Fate>;

const same = (bytes: Buffer): Buffer => bytes;
const CALL_MS = 15_000;

function overHttp(port: number, agent: Agent, signal: Signal, body: Buffer): Promise<Fate> {
  const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
  return new Promise((done) => {
    const asked = request(
      { agent, host: '127.0.0.1', port, method: 'POST', path: SIGNAL[signal].path, headers, timeout: CALL_MS },
      (answer) => {
        // Only an answer that came whole counts.
        answer.resume().on('end', () => done(answer.statusCode === 200 ? 'acknowledged' : 'refused'));
        answer.on('error', () => done('unanswered'));
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('time-out')));
    asked.on('error', () => done('unanswered'));
    asked.end(body);
  });
}

/**
 * Sends `count` requests of all signals, every one with an id of its own and only once, over gRPC and HTTP, at most `perSecond`, with `connections`
 * under way at a time. Resolves when each has had its answer, or none.
 */
export async function sendAll(
  ports: { grpc: number; http: number },
  plan: { count: number; perSecond: number; connections: number; bytes: number },
): Promise<Sent> {
  const sent: Sent = new Map();
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections });
  const client = grpcClient(ports.grpc);
  const padding = '.'.repeat(plan.bytes);
  const overGrpc = (signal: Signal, body: Buffer): Promise<Fate> =>
    new Promise((done) =>
      client.makeUnaryRequest(`/${SIGNAL[signal].service}/Export`, same, same, body, { deadline: Date.now() + CALL_MS }, (error) => {
        if (error === null) return done('acknowledged');
        // Without details of ours it is the library that speaks: the connection broke, or no answer came.
        done(error.metadata.get('grpc-status-details-bin').length > 0 || ![4, 14].includes(error.code) ? 'refused' : 'unanswered');
      }),
    );
  const startedAt = Date.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < plan.count) {
      const ahead = next - ((Date.now() - startedAt) / 1000) * plan.perSecond;
      if (ahead > 0) {
        await new Promise((wake) => setTimeout(wake, Math.min(50, (ahead / plan.perSecond) * 1000)));
        continue;
      }
      const number = next++;
      const id = `id-${number}`;
      const signal = SIGNALS[number % SIGNALS.length]!;
      const body = exportRequest(signal, `${id} ${padding}`);
      const fate = await (Math.floor(number / SIGNALS.length) % 2 === 0
        ? overHttp(ports.http, agent, signal, body)
        : overGrpc(signal, body));
      sent.set(id, fate);
      // Nothing listens while the bridge starts again.
      if (fate === 'unanswered') await new Promise((wake) => setTimeout(wake, 100));
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, worker));
  agent.destroy();
  client.close();
  return sent;
}

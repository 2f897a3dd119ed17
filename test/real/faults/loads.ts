import { Client, credentials } from '@grpc/grpc-js';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SIGNAL, SIGNALS } from '../../../proto/vocabulary/signals.ts';
import type { Signal } from '../../../proto/vocabulary/signals.ts';
import { exportRequest, load } from '../../doubles/load.ts';
import type { CleanUps } from './clean-ups.ts';

type Ports = { grpc: number; http: number; host?: string };
export type Stream = { over: 'grpc' | 'http'; signal: Signal; perSecond: number; bytes?: number; /** over HTTP */ gzip?: true };

/** 50 traces a second over each protocol: the usual load. */
export const L2: readonly Stream[] = [
  { over: 'http', signal: 'traces', perSecond: 50 },
  { over: 'grpc', signal: 'traces', perSecond: 50 },
];
/** 20 a second of each signal over each protocol. */
export const L6: readonly Stream[] = SIGNALS.flatMap((signal) =>
  (['grpc', 'http'] as const).map((over) => ({ over, signal, perSecond: 20 })),
);

const TICK_MS = 20;
const CALL_MS = 5000;
/** More calls than that without an answer, and the rest is not sent: nothing is gained by piling up on a dead server. */
const MOST_OPEN = 4000;

const same = (bytes: Buffer): Buffer => bytes;
export const bodyOf = (signal: Signal, bytes = 8): Buffer => exportRequest(signal, 'x'.repeat(bytes));

export const grpcClient = (port: number, host = '127.0.0.1'): Client =>
  new Client(`${host}:${port}`, credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });

/** One Export call; true when it was answered OK. */
export const callGrpc = (client: Client, signal: Signal, body: Buffer): Promise<boolean> =>
  new Promise((done) =>
    client.makeUnaryRequest(`/${SIGNAL[signal].service}/Export`, same, same, body, { deadline: Date.now() + CALL_MS }, (error) =>
      done(error === null),
    ),
  );

async function grpcLoad({ grpc, host }: Ports, { signal, perSecond, bytes }: Stream, stop: AbortSignal): Promise<void> {
  const client = grpcClient(grpc, host);
  const body = bodyOf(signal, bytes);
  const startedAt = Date.now();
  let open = 0;
  for (let due = 0; !stop.aborted; await pause(TICK_MS)) {
    for (const now = ((Date.now() - startedAt) / 1000) * perSecond; due < now; due++) {
      if (open >= MOST_OPEN) continue;
      open++;
      void callGrpc(client, signal, body).then(() => open--);
    }
  }
  client.close();
}

function packed({ signal, bytes, gzip }: Stream): { body: Buffer; encoding?: 'gzip' } {
  const body = bodyOf(signal, bytes);
  return gzip ? { body: gzipSync(body), encoding: 'gzip' } : { body };
}

/** Sends these streams until the scene ends, or until the answer is called. */
export function startLoads(scene: Pick<CleanUps, 'after'>, ports: Ports, streams: readonly Stream[]): () => Promise<void> {
  const stop = new AbortController();
  const running = streams.map((stream) =>
    stream.over === 'grpc'
      ? grpcLoad(ports, stream, stop.signal)
      : load({ port: ports.http, connections: 8, ...stream, ...packed(stream) }, stop.signal),
  );
  const end = async (): Promise<void> => {
    stop.abort();
    await Promise.all(running);
  };
  scene.after(end);
  return end;
}

/** Sends so many requests at once over one connection, again and again, until the scene ends. */
export function startBursts(
  scene: Pick<CleanUps, 'after'>,
  port: number,
  burst: { signal: Signal; count: number; everyMs: number },
): () => Promise<void> {
  const stop = new AbortController();
  const client = grpcClient(port);
  const body = bodyOf(burst.signal);
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await Promise.all(Array.from({ length: burst.count }, () => callGrpc(client, burst.signal, body)));
      await pause(burst.everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    client.close();
  };
  const running = run();
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  scene.after(end);
  return end;
}

import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import type { Log } from '../log.ts';
import type { Offer } from '../pipeline.ts';
import { acceptor } from './accept.ts';
import { complaints, type Complain } from './complaints.ts';
import { grpcServer, type GrpcServer } from './grpc.ts';
import { httpServer } from './http.ts';
import type { Answered } from './outcome.ts';
import type { Inflate } from './http-body.ts';
import { statusWriter } from './status.ts';

export type ReceiverOptions = {
  bindAddress: string;
  /** null: this transport is switched off; port 0: any free one */
  grpc: { port: number } | null;
  http: { port: number } | null;
  /** asked for by the configuration; no receiver serves it yet */
  tls?: boolean;
  /** what undoes Content-Encoding, unless the usual does */
  inflate?: Inflate;
  /** of one request, once inflated */
  maxRequestBytes: number;
  offer: Offer;
  log: Log;
  answered?: Answered;
  /** milliseconds since the epoch */
  now?: () => number;
};

/** How a task opens its receivers; the connector's name is for whoever stands between. */
export type OpenReceivers = (options: ReceiverOptions, connector: string) => Promise<Receivers>;

export type Receivers = {
  grpcPort: number | null;
  httpPort: number | null;
  /** new requests are refused as retryable from now on, ports stay open */
  refuse(): void;
  /** Refuses, stops listening, lets running requests end and cuts them off at the deadline. */
  close(deadlineMs: number): Promise<void>;
};

/** The system's error of a listen, and what was to listen where. */
export type ListenError = NodeJS.ErrnoException & { receiver: 'grpc' | 'http'; host: string };

/** The connector accepts TLS and serves plaintext; the bridge refuses to pretend. */
export const TLS_UNAVAILABLE = 'this bridge cannot serve TLS yet, and serving plaintext instead would be a lie: set otlp.tls.enabled=false';
export const NO_TLS = 'NO_TLS';

function listen(server: NetServer, receiver: 'grpc' | 'http', host: string, port: number, complain: Complain): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(Object.assign(error, { receiver, host, port }));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.removeListener('error', failed);
      // Out of descriptors, say: the port stays open, and the process must not end.
      server.on('error', (error) => complain('http_channel_error', `${receiver} port: ${error.message}`));
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeHttp(server: HttpServer, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Opens both or none; rejects with the system's error (code EADDRINUSE, EACCES, EADDRNOTAVAIL) carrying `receiver`, `host`, `port`, or NO_TLS. */
export async function startReceivers({
  bindAddress,
  grpc,
  http,
  tls = false,
  inflate,
  maxRequestBytes,
  offer,
  log,
  answered = () => {},
  now = Date.now,
}: ReceiverOptions): Promise<Receivers> {
  if (tls) throw Object.assign(new Error(TLS_UNAVAILABLE), { code: NO_TLS });
  let isRefusing = false;
  const refusing = () => isRefusing;
  const accept = acceptor({ offer, refusing, maxRequestBytes, now });
  const shared = { accept, writeStatus: statusWriter(), complain: complaints(log, now), answered, maxRequestBytes };

  const overGrpc: GrpcServer | null = grpc && grpcServer(shared);
  const grpcPort = overGrpc && (await listen(overGrpc.net, 'grpc', bindAddress, grpc!.port, shared.complain));
  const overHttp: HttpServer | null = http && httpServer({ ...shared, refusing, ...(inflate && { inflate }) });
  let httpPort: number | null;
  try {
    httpPort = overHttp && (await listen(overHttp, 'http', bindAddress, http!.port, shared.complain));
  } catch (error) {
    await overGrpc?.close(0);
    throw error;
  }

  const refuse = () => {
    if (isRefusing) return;
    isRefusing = true;
    overGrpc?.notServing();
  };
  let closing: Promise<void> | null = null;
  return {
    grpcPort,
    httpPort,
    refuse,
    close(deadlineMs) {
      refuse();
      closing ??= Promise.all([overGrpc?.close(deadlineMs), overHttp && closeHttp(overHttp, deadlineMs)]).then(() => undefined);
      return closing;
    },
  };
}

import type { AddressInfo, Server as NetServer } from 'node:net';
import type { Signal } from '../../proto/vocabulary/signals.ts';
import type { Budget } from '../budget.ts';
import type { Log } from '../log.ts';
import type { Offer } from '../message.ts';
import { acceptor } from './accept.ts';
import { openCertificate, type Certificate } from './certificate.ts';
import { complaints, type Complain } from './complaints.ts';
import { grpcServer, type GrpcServer } from './grpc.ts';
import type { Inflate } from './http-body.ts';
import { httpServer, type HttpDoor } from './http-server.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Answered } from './outcome.ts';
import { statusWriter } from './status.ts';
import type { TlsPaths } from './tls-files.ts';

export type ReceiverOptions = {
  bindAddress: string;
  /** null: this transport is switched off; port 0: any free one */
  grpc: { port: number } | null;
  http: { port: number } | null;
  /** null: no TLS */
  tls?: TlsPaths | null;
  /** how often the TLS files are looked at */
  tlsLookEveryMs?: number;
  limits?: Partial<Limits>;
  /** what undoes Content-Encoding, unless the usual does */
  inflate?: Inflate;
  /** of one request, once inflated */
  maxRequestBytes: number;
  offer: Offer;
  /** what is held by everything together, shared with the queues */
  budget: Budget;
  /** counts a request that was refused before it could be offered */
  refused: (signal: Signal) => void;
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
  /** Requests are still taken, but gRPC health says that they should go elsewhere, and HTTP connections end with their next answer. */
  leave(): void;
  /** new requests are refused as retryable from now on, ports stay open */
  refuse(): void;
  /** Refuses, stops listening, lets running requests end and cuts them off at the deadline. */
  close(deadlineMs: number): Promise<void>;
};

/** The system's error of a listen, and what was to listen where. */
export type ListenError = NodeJS.ErrnoException & { receiver: 'grpc' | 'http'; host: string };

function listen(
  server: NetServer,
  receiver: 'grpc' | 'http',
  host: string,
  port: number,
  connections: number,
  complain: Complain,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(Object.assign(error, { receiver, host, port }));
    server.once('error', failed);
    server.maxConnections = connections;
    // Node closes it at once; without a line nobody would know why.
    server.on('drop', () =>
      complain(
        'http_channel_error',
        `${receiver} port: a connection was closed at once, ${connections} are open already (bridge.max.connections)`,
      ),
    );
    server.listen({ host, port }, () => {
      server.removeListener('error', failed);
      // Out of descriptors, say: the port stays open, and the process must not end.
      server.on('error', (error) => complain('http_channel_error', `${receiver} port: ${error.message}`));
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Opens both or none; rejects with the system's error (code EADDRINUSE, EACCES, EADDRNOTAVAIL) carrying `receiver`, `host`, `port`,
 * or with a TlsFault for files that TLS cannot be served with.
 */
export async function startReceivers(options: ReceiverOptions): Promise<Receivers> {
  const { tls = null, tlsLookEveryMs, log } = options;
  const certificate =
    tls && (await openCertificate({ paths: tls, log, ...(tlsLookEveryMs === undefined ? {} : { lookEveryMs: tlsLookEveryMs }) }));
  try {
    return await openPorts(options, certificate);
  } catch (error) {
    certificate?.close();
    throw error;
  }
}

async function openPorts(options: ReceiverOptions, certificate: Certificate | null): Promise<Receivers> {
  const { bindAddress, grpc, http, inflate, maxRequestBytes, offer, budget, refused, log, answered = () => {}, now = Date.now } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  let isLeaving = false;
  let isRefusing = false;
  const refusing = () => isRefusing;
  const accept = acceptor({ offer, refusing, maxRequestBytes, now });
  const shared = { accept, writeStatus: statusWriter(), complain: complaints(log, now), answered, maxRequestBytes, budget, refused };

  const overGrpc: GrpcServer | null = grpc && grpcServer(shared, certificate, limits);
  const grpcPort = overGrpc && (await listen(overGrpc.net, 'grpc', bindAddress, grpc!.port, limits.connections, shared.complain));
  const overHttp: HttpDoor | null = http && httpServer({ ...shared, leaving: () => isLeaving, inflate }, certificate, limits);
  let httpPort: number | null;
  try {
    httpPort = overHttp && (await listen(overHttp.net, 'http', bindAddress, http!.port, limits.connections, shared.complain));
  } catch (error) {
    await overGrpc?.close(0);
    throw error;
  }

  const leave = () => {
    if (isLeaving) return;
    isLeaving = true;
    overGrpc?.notServing();
  };
  const refuse = () => {
    leave();
    if (isRefusing) return;
    isRefusing = true;
    overGrpc?.goAway();
  };
  let closing: Promise<void> | null = null;
  return {
    grpcPort,
    httpPort,
    leave,
    refuse,
    close(deadlineMs) {
      refuse();
      certificate?.close();
      closing ??= Promise.all([overGrpc?.close(deadlineMs), overHttp?.close(deadlineMs)]).then(() => undefined);
      return closing;
    },
  };
}

import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Metadata, type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Accept } from './accept.ts';
import type { Certificate } from './certificate.ts';
import { exportErrorEvent, type Complain } from './complaints.ts';
import { countingBytes, type GrpcBytes } from './grpc-bytes.ts';
import { addHealth } from './health.ts';
import type { Limits } from './limits.ts';
import { ANSWER, type Outcome } from './outcome.ts';
import { addReflection } from './reflection.ts';

export type GrpcIntake = { accept: Accept; complain: Complain } & GrpcBytes;

export type GrpcServer = {
  /** takes the connections; listening is the caller's */
  net: NetServer;
  notServing(): void;
  /** Asks those who are connected to connect anew, to whoever serves then; calls that run are answered. */
  goAway(): void;
  /** Lets running calls end, cuts them off at the deadline. */
  close(deadlineMs: number): Promise<void>;
};

const options = (limits: Limits, maxRequestBytes: number) => ({
  'grpc.enable_channelz': 0,
  'grpc.keepalive_time_ms': limits.grpcPingMs,
  'grpc.keepalive_timeout_ms': limits.grpcPongMs,
  'grpc.max_connection_idle_ms': limits.grpcIdleMs,
  'grpc.max_concurrent_streams': limits.streams,
  'grpc.max_receive_message_length': maxRequestBytes,
});

/** The library cuts connections off some time after it said goodbye. That is for `close` to do, which has a deadline of its own, and a shorter one. */
const LONGEST_STOP_MS = 3_600_000;

/**
 * The timer for that keeps a server that is closed from being collected, and with it all that a task is made of, 4 MiB outside of the heap among it: it is
 * parted from what is ours. A test notices when the library keeps it elsewhere.
 */
function forget(server: Server): void {
  const { interceptors, handlers } = server as unknown as { interceptors?: unknown[]; handlers?: Map<string, unknown> };
  interceptors?.splice(0);
  handlers?.clear();
}

const NOTHING = Buffer.alloc(0);
const asItIs = (bytes: Buffer): Buffer => bytes;

const agentOf = ({ metadata }: ServerUnaryCall<Buffer, Buffer>): string => (metadata.get('user-agent')[0] as string | undefined) ?? '';

/** Export of one signal, bytes in and bytes out: nothing is decoded. */
const exportMethod = (signal: Signal) => ({
  Export: {
    path: `/${SIGNAL[signal].service}/Export`,
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  },
});

/** OTLP/gRPC for all three signals, with reflection and health. Source: OTLP specification, "OTLP/gRPC". It does not listen yet. */
export function grpcServer(intake: GrpcIntake, certificate: Certificate | null, limits: Limits): GrpcServer {
  const { accept, writeStatus, complain, answered, maxRequestBytes } = intake;
  const server = new Server({ ...options(limits, maxRequestBytes), interceptors: [countingBytes(intake, limits)] });

  const exportOf = (signal: Signal) => (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
    const began = performance.now();
    const answer = (outcome: Outcome) => {
      const { grpc: code, retryAfterSeconds } = ANSWER[outcome.is];
      if (code === 0) callback(null, NOTHING);
      else {
        if (outcome.is === 'undecodable') complain(exportErrorEvent(signal), outcome.reason);
        const metadata = new Metadata();
        if (retryAfterSeconds !== null) metadata.set('grpc-status-details-bin', writeStatus(outcome, 'protobuf'));
        callback({ code, details: outcome.reason, metadata });
      }
      answered('grpc', signal, outcome.is, performance.now() - began, agentOf(call));
    };
    const outcome = accept(signal, call.request, 'protobuf');
    if ('is' in outcome) answer(outcome);
    else void outcome.then(answer);
  };

  for (const signal of SIGNALS) server.addService(exportMethod(signal), { Export: exportOf(signal) });
  addReflection(server);
  const health = addHealth(server);

  // The socket is ours, and so is TLS: the library's own listening hides the system's error codes, and its certificates cannot be kept when new ones are broken.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const net = netFor(certificate, limits, track, (socket) => injector.injectConnection(socket));

  return {
    net,
    notServing: health.notServing,
    goAway: () => injector.drain(LONGEST_STOP_MS),
    async close(deadlineMs) {
      health.close();
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise((resolve) => (timer = setTimeout(resolve, deadlineMs)));
      // The library's own word comes at once when sessions are closing already; the sockets tell when calls have really ended.
      const ended = Promise.all([new Promise((resolve) => net.close(resolve)), new Promise((resolve) => server.tryShutdown(resolve))]);
      await Promise.race([ended, deadline]);
      clearTimeout(timer);
      server.forceShutdown();
      for (const socket of sockets) socket.destroy();
      forget(server);
    },
  };
}

/** The listening server: what comes through is plain, whether it came so or over TLS. `track` sees every socket, secure or not yet. */
function netFor(certificate: Certificate | null, limits: Limits, track: (s: Socket) => void, serve: (s: Socket) => void): NetServer {
  if (!certificate)
    return createServer((socket) => {
      track(socket);
      serve(socket);
    });
  const secure = createTlsServer({ ...certificate.options, ALPNProtocols: ['h2'], handshakeTimeout: limits.headMs }, (socket) => {
    track(socket);
    serve(socket);
  });
  certificate.keep(secure);
  return secure.on('connection', track).on('tlsClientError', (_error, socket) => socket.destroy());
}

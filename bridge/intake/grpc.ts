import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { Metadata, type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Accept } from './accept.ts';
import { exportErrorEvent, type Complain } from './complaints.ts';
import { addHealth } from './health.ts';
import { ANSWER, type Answered } from './outcome.ts';
import { addReflection } from './reflection.ts';
import type { StatusWriter } from './status.ts';

export type GrpcIntake = { accept: Accept; writeStatus: StatusWriter; complain: Complain; answered: Answered; maxRequestBytes: number };

export type GrpcServer = {
  /** takes the connections; listening is the caller's */
  net: NetServer;
  notServing(): void;
  /** Lets running calls end, cuts them off at the deadline. */
  close(deadlineMs: number): Promise<void>;
};

const OPTIONS = {
  'grpc.enable_channelz': 0,
  // A peer that died without a word is found out; idle and old connections go, because each costs about 50 kB.
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.max_connection_idle_ms': 600_000,
} as const;

const NOTHING = Buffer.alloc(0);
const asItIs = (bytes: Buffer): Buffer => bytes;

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
export function grpcServer({ accept, writeStatus, complain, answered, maxRequestBytes }: GrpcIntake): GrpcServer {
  const server = new Server({ ...OPTIONS, 'grpc.max_receive_message_length': maxRequestBytes });

  const exportOf = (signal: Signal) => (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
    const began = performance.now();
    const outcome = accept(signal, call.request, 'protobuf');
    const { grpc: code, retryAfterSeconds } = ANSWER[outcome.is];
    if (code === 0) {
      callback(null, NOTHING);
      return answered('grpc', signal, outcome.is, performance.now() - began);
    }
    if (outcome.is === 'undecodable') complain(exportErrorEvent(signal), outcome.reason);
    const metadata = new Metadata();
    if (retryAfterSeconds !== null) metadata.set('grpc-status-details-bin', writeStatus(outcome, 'protobuf'));
    callback({ code, details: outcome.reason, metadata });
    answered('grpc', signal, outcome.is, performance.now() - began);
  };

  for (const signal of SIGNALS) server.addService(exportMethod(signal), { Export: exportOf(signal) });
  addReflection(server);
  const health = addHealth(server);

  // The socket is ours: the library's own listening hides the system's error codes.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const net = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    injector.injectConnection(socket);
  });

  return {
    net,
    notServing: health.notServing,
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
    },
  };
}

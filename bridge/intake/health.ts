import { type sendUnaryData, type Server, type ServerUnaryCall, type ServerWritableStream, status } from '@grpc/grpc-js';
import protobuf from 'protobufjs/minimal.js';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';

const SERVICE = 'grpc.health.v1.Health';
/** The service as a whole is named by the empty string. Source: gRPC Health Checking Protocol. */
const KNOWN = new Set(['', ...SIGNALS.map((signal) => SIGNAL[signal].service)]);
const SERVING = { serving: 1, notServing: 2, serviceUnknown: 3 } as const;

type Check = { service: string };
type Reply = { status: number };

/** HealthCheckRequest and HealthCheckResponse have one field each: not worth a schema file that reflection would then show. */
function readCheck(bytes: Buffer): Check {
  const reader = protobuf.Reader.create(bytes);
  let service = '';
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) service = reader.string();
    else reader.skipType(tag & 7);
  }
  return { service };
}

const replyBytes = ({ status: value }: Reply): Buffer => Buffer.from([0x08, value]);

const method = (name: string, responseStream: boolean) => ({
  path: `/${SERVICE}/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: readCheck,
  responseSerialize: replyBytes,
  responseDeserialize: (bytes: Buffer) => bytes,
});

export type Health = {
  /** tells everybody who watches */
  notServing(): void;
  /** ends all watching: a call that never ends would keep the server from closing */
  close(): void;
};

export function addHealth(server: Server): Health {
  /** by call: whether it watches a service that is here */
  const watchers = new Map<ServerWritableStream<Check, Reply>, boolean>();
  let current: number = SERVING.serving;

  server.addService(
    { Check: method('Check', false), Watch: method('Watch', true) },
    {
      Check(call: ServerUnaryCall<Check, Reply>, callback: sendUnaryData<Reply>) {
        if (KNOWN.has(call.request.service)) callback(null, { status: current });
        else callback({ code: status.NOT_FOUND, details: 'no such service here' });
      },
      Watch(call: ServerWritableStream<Check, Reply>) {
        const isKnown = KNOWN.has(call.request.service);
        watchers.set(call, isKnown);
        for (const event of ['cancelled', 'close', 'error']) call.on(event, () => watchers.delete(call));
        call.write({ status: isKnown ? current : SERVING.serviceUnknown });
      },
    },
  );

  return {
    notServing() {
      current = SERVING.notServing;
      for (const [call, isKnown] of watchers) if (isKnown) call.write({ status: current });
    },
    close() {
      for (const call of watchers.keys()) call.end();
      watchers.clear();
    },
  };
}

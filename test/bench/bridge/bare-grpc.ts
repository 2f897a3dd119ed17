import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { shapeOf } from '../../../bridge/intake/shape.ts';
import { walkWire } from '../../../bridge/intake/wire.ts';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';

/** `node bare-grpc.ts [walk]`: as bare-http.ts, for grpc-js with a handler that gets the bytes and gives bytes. */
const shape = process.argv[2] === 'walk' ? shapeOf(SIGNAL.traces.request) : null;
const ring = new Array<Buffer | undefined>(1000).fill(undefined);
const NOTHING = Buffer.alloc(0);
const asItIs = (bytes: Buffer): Buffer => bytes;
let count = 0;

const server = new Server({ 'grpc.enable_channelz': 0 });
server.addService(
  {
    Export: {
      path: `/${SIGNAL.traces.service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    },
  },
  {
    Export({ request }: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) {
      if (shape && 'fault' in walkWire(request, shape)) return callback({ code: status.INVALID_ARGUMENT });
      ring[count++ % ring.length] = request;
      callback(null, NOTHING);
    },
  },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send!({ port });
});
process.on('message', () => process.send!({ count }));
process.on('disconnect', () => server.forceShutdown());

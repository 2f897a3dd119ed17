import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { wireJudge } from '../../../bridge/intake/quick-walk.ts';
import { shapeOf, type Shape } from '../../../bridge/intake/shape.ts';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';

/** `node bare-grpc.ts [walk]`: as bare-http.ts, for grpc-js with a handler that gets the bytes and gives bytes. */
const known = new Map<string, Shape>();
const root = shapeOf(SIGNAL.traces.request, known);
const judge = process.argv[2] === 'walk' ? wireJudge([...known.values()]) : null;
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
      if (judge && 'fault' in judge(request, root)) return callback({ code: status.INVALID_ARGUMENT });
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

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wireJudge } from '../../../bridge/intake/quick-walk.ts';
import { shapeOf, type Shape } from '../../../bridge/intake/shape.ts';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';

/**
 * `node bare-http.ts [walk]`: the least that HTTP intake can cost on Node. Takes bodies as they are into a ring of 1000, answers 200.
 * With `walk` it walks the wire before, as the bridge must. Says its port to its parent, and the count when it is sent a message.
 */
const known = new Map<string, Shape>();
const root = shapeOf(SIGNAL.traces.request, known);
const judge = process.argv[2] === 'walk' ? wireJudge([...known.values()]) : null;
const ring = new Array<Buffer | undefined>(1000).fill(undefined);
const HEADERS = { 'Content-Type': 'application/x-protobuf', 'Content-Length': 0 };
let count = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    if (judge && 'fault' in judge(body, root)) {
      response.writeHead(400, HEADERS).end();
      return;
    }
    ring[count++ % ring.length] = body;
    response.writeHead(200, HEADERS).end();
  });
});
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send!({ count }));
process.on('disconnect', () => server.close().closeAllConnections());

import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import { exportRequest } from '../../doubles/load.ts';
import type { Transport } from './h2load.ts';
import { rssMb } from './proc.ts';
import { grpcFrame } from './request.ts';
import { bridgeServer } from './servers.ts';

export const CONNECTIONS = 2000;
/** Not all at once: a listening socket has room for 511 that nobody has taken yet. */
const AT_ONCE = 50;
const REST_MS = 5000;
const AFTER_CLOSE_MS = 60_000;

type Open = { close(): void };

const BODY = exportRequest('traces', 'connection');
const HTTP_HEAD = `POST ${SIGNAL.traces.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${BODY.length}\r\n\r\n`;

/** One request over a connection that stays open. */
async function openHttp(port: number): Promise<Open> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.write(Buffer.concat([Buffer.from(HTTP_HEAD), BODY]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (!answer.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(`a connection was answered ${answer.toString('latin1')}`);
  return { close: () => socket.end() };
}

async function openGrpc(port: number): Promise<Open> {
  const session: ClientHttp2Session = connectHttp2(`http://127.0.0.1:${port}`);
  const headers = { 'content-type': 'application/grpc', te: 'trailers', ':method': 'POST', ':path': `/${SIGNAL.traces.service}/Export` };
  const stream = session.request(headers);
  const trailers = once(stream, 'trailers');
  stream.resume().end(grpcFrame(BODY));
  const [{ 'grpc-status': status }] = (await trailers) as [Record<string, string>];
  if (status !== '0') throw new Error(`a connection was answered with grpc-status ${status}`);
  return { close: () => session.close() };
}

export const OPEN: Readonly<Record<Transport, (port: number) => Promise<Open>>> = { http: openHttp, grpc: openGrpc };

export type Held = { beforeMb: number; openMb: number; eachKb: number; afterMb: number };

/** Memory of a bridge before, while and 60 s after 2,000 connections are open, each of which has sent a request and is kept. */
export async function heldConnections(transport: Transport): Promise<Held> {
  const server = await bridgeServer();
  try {
    const port = server.ports[transport];
    await pause(REST_MS);
    const beforeMb = rssMb(server.pid);
    const open: Open[] = [];
    while (open.length < CONNECTIONS) open.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => OPEN[transport](port)))));
    const counted = await server.counted();
    if (counted !== CONNECTIONS) throw new Error(`${CONNECTIONS} connections sent a request each, ${counted} are counted`);
    await pause(REST_MS);
    const openMb = rssMb(server.pid);
    for (const one of open) one.close();
    await pause(AFTER_CLOSE_MS);
    return { beforeMb, openMb, eachKb: ((openMb - beforeMb) * 1000) / CONNECTIONS, afterMb: rssMb(server.pid) };
  } finally {
    await server.stop();
  }
}

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { constants, createServer as createH2Server, type ServerHttp2Session } from 'node:http2';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createServer, createTlsServer } from '../node-http.ts';
import { answerBrokenHttp } from './broken-http.ts';
import type { Certificate } from './certificate.ts';
import { httpHandler, type HttpIntake } from './http.ts';
import type { Limits } from './limits.ts';
import { byPreface } from './preface.ts';

export type HttpDoor = {
  /** takes the connections; listening is the caller's */
  net: Server | TlsServer;
  /** Lets running requests end, cuts them off at the deadline. */
  close(deadlineMs: number): Promise<void>;
};

type Listener = (socket: Socket) => void;

/** Takes an event's one listener away and gives it: Node's own way of serving a connection. */
function taken(net: Server | TlsServer, event: string): Listener {
  const [serve] = net.listeners(event) as Listener[];
  net.removeAllListeners(event);
  return (socket) => serve!.call(net, socket);
}

/** HTTP/2 connections, which come from the listening server; Node's compatibility API makes the same requests and answers of them. */
function http2Side(handle: (request: IncomingMessage, response: ServerResponse) => void, limits: Limits) {
  const sessions = new Set<ServerHttp2Session>();
  const server = createH2Server({ settings: { maxConcurrentStreams: limits.streams } });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session)).on('error', () => session.destroy());
    session.setTimeout(limits.httpIdleMs, () => session.close());
  });
  server.on('request', (request, response) => {
    // Of the request alone, as over HTTP/1.1: the answer may have to wait for the sink for longer.
    const late = setTimeout(() => response.stream.close(constants.NGHTTP2_CANCEL), limits.requestMs).unref();
    const inTime = () => clearTimeout(late);
    response.stream
      .on('error', () => {})
      .once('end', inTime)
      .once('close', inTime);
    handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
  const serve = (socket: Socket) => {
    // A half-closed connection is of use to HTTP/1.1 only; here it would stay until it is idle for long.
    socket.allowHalfOpen = false;
    server.emit('connection', socket);
  };
  return { serve, sessions };
}

/**
 * OTLP/HTTP over HTTP/1.1 and HTTP/2 on one port. The server that listens is HTTP/1.1's, with its time limits; a connection that speaks HTTP/2 goes on to
 * the other: by ALPN with TLS, by its first bytes without.
 */
export function httpServer(intake: HttpIntake, certificate: Certificate | null, limits: Limits): HttpDoor {
  const handle = httpHandler(intake, limits);
  const options = {
    keepAliveTimeout: limits.httpIdleMs,
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(5000, limits.headMs),
    noDelay: true,
  };
  const secure = { ...certificate?.options, ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: limits.headMs };
  const net = certificate ? createTlsServer({ ...options, ...secure }, handle) : createServer(options, handle);
  if ('setSecureContext' in net) certificate?.keep(net);
  answerBrokenHttp(net, intake.writeStatus, () => intake.answered('http', null, 'undecodable', null));
  // Who failed at the handshake, or never made one, cannot be answered.
  net.removeAllListeners('tlsClientError').on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());

  const http2 = http2Side(handle, limits);
  const serveHttp1 = taken(net, certificate ? 'secureConnection' : 'connection');
  /** connections that have not said anything yet: no server knows them */
  const silent = new Set<Socket>();
  const speaks = (socket: Socket) => silent.delete(socket);
  net.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => speaks(socket));
    if (certificate) return;
    byPreface(socket, limits.headMs, (isHttp2) => {
      speaks(socket);
      if (isHttp2) return http2.serve(socket);
      serveHttp1(socket);
      socket.resume();
    });
  });
  if (certificate) net.on('secureConnection', (socket: TLSSocket) => (socket.alpnProtocol === 'h2' ? http2.serve : serveHttp1)(socket));

  return { net, close: (deadlineMs) => closeDoor(net, http2.sessions, silent, deadlineMs) };
}

function closeDoor(
  net: Server | TlsServer,
  sessions: ReadonlySet<ServerHttp2Session>,
  silent: ReadonlySet<Socket>,
  deadlineMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const cut = () => {
      net.closeAllConnections();
      for (const session of sessions) session.destroy();
      for (const socket of silent) socket.destroy();
    };
    const timer = setTimeout(cut, deadlineMs);
    net.close(() => {
      clearTimeout(timer);
      resolve();
    });
    for (const session of sessions) session.close();
  });
}

import { createSecureServer, createServer as createHttp2, type ServerHttp2Stream } from 'node:http2';
import { createServer } from 'node:net';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { CERTIFICATE, CERTIFICATE_KEY } from './certificate.ts';
import { listen, type Double } from './listen.ts';

/** An HTTP/1.1 answer as bytes; `length` lies about the body when given. */
const http = (status: string, type: string, body: string, length = Buffer.byteLength(body), more = ''): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n${more}Connection: close\r\n\r\n${body}`;

/** What each double says to the first bytes it gets; then it closes. */
export const ANSWERS = {
  unauthorized: http('401 Unauthorized', 'application/json', '{"error_code":401,"message":"User cannot access the resource."}'),
  'server-error': http('500 Internal Server Error', 'application/json', '{"error_code":500,"message":"Request timed out"}'),
  'empty-error': http('503 Service Unavailable', 'text/plain', ''),
  html: http('502 Bad Gateway', 'text/html', '<html><head><title>502 Bad Gateway</title></head></html>'),
  page: http('200 OK', 'text/html', '<!DOCTYPE html><title>Welcome</title>'),
  redirect: http('302 Found', 'text/html', '', 0, 'Location: https://user:secret@sso.example/login\r\n'),
  cut: http('200 OK', 'application/json', '{"version":"3.9.1","commit":"f745', 90),
  'cut-json': http('200 OK', 'application/json', '{"version":"3.9.1","commit":"f745'),
  'foreign-json': http('200 OK', 'application/json', '{"hello":"world"}'),
  'not-json': http('200 OK', 'application/json', 'version=3.9.1'),
  'http-400': http('400 Bad Request', 'text/plain', 'bad request'),
  'otlp-http': http('405 Method Not Allowed', 'application/json', 'Only POST method is supported'),
  garbage: 'SSH-2.0-OpenSSH_9.6\r\n',
  'tls-alert': Buffer.from([0x15, 3, 3, 0, 2, 2, 10]).toString('latin1'),
} as const;

export type DoubleKind = keyof typeof ANSWERS | 'refused' | 'hang' | 'close' | 'reset' | 'huge' | 'tls' | 'h2' | 'h2-tls' | 'stalled-body';

/** One real misbehaving server on a free port of 127.0.0.1: `await double('hang')`. Close it at the end of the test. */
export function double(kind: DoubleKind): Promise<Double> {
  const special = SPECIAL[kind as keyof typeof SPECIAL] as (() => Promise<Double>) | undefined;
  return special === undefined ? saying(Buffer.from(ANSWERS[kind as keyof typeof ANSWERS], 'latin1')) : special();
}

/** Says these bytes once anything has come, then closes. */
export const saying = (bytes: Buffer | string): Promise<Double> =>
  listen(createServer((socket) => socket.once('data', () => socket.end(bytes))));

/** Takes bytes and never says a word, also not goodbye. */
const hanging = (): Promise<Double> => listen(createServer({ allowHalfOpen: true }, (socket) => socket.resume()));

const withTls = { key: CERTIFICATE_KEY, cert: CERTIFICATE };

const SPECIAL = {
  /** a port that was free a moment ago */
  async refused() {
    const closed = await hanging();
    await closed.close();
    return { ...closed, close: () => Promise.resolve() };
  },
  hang: hanging,
  close: () => saying(''),
  reset: () => listen(createServer((socket) => socket.once('data', () => socket.resetAndDestroy()))),
  huge: () => saying(http('200 OK', 'application/json', `"${'x'.repeat(2 * 1024 * 1024)}"`)),
  'stalled-body': () => listen(createServer((socket) => socket.once('data', () => socket.write(ANSWERS.cut)))),
  /** HTTP/1.1 inside TLS; 405 like an OTLP receiver. Plain bytes make it close. */
  tls: () => listen(createTls({ ...withTls, ALPNProtocols: ['http/1.1'] }, (socket) => answerTls(socket))),
  /** a gRPC-like server: HTTP/2 in the clear, every call UNIMPLEMENTED */
  h2: () => listen(createHttp2().on('stream', unimplemented)),
  'h2-tls': () => listen(createSecureServer(withTls).on('stream', unimplemented)),
} as const;

function answerTls(socket: TLSSocket): void {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(ANSWERS['otlp-http']));
}

/** A gRPC server that knows no service. */
export function unimplemented(stream: ServerHttp2Stream): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12', 'grpc-message': 'unknown service' },
    { endStream: true },
  );
}

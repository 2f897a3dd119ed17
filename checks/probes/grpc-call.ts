import type { ClientHttp2Session, IncomingHttpHeaders, SecureClientSessionOptions } from 'node:http2';
import type { Address, Stage } from '../facts/index.ts';
import { deadline } from './deadline.ts';
import { firstStage, lookupOf } from './localhost.ts';
import { networkFailure, timeoutFailure } from './network-failure.ts';
import { joinAddress } from '../address.ts';
import type { FailedOutcome } from './probe.ts';

export type GrpcLimits = { deadlineMs: number; signal?: AbortSignal; /** TLS, with whatever certificate the server shows */ tls?: true };

/** A finished call. `status` is the gRPC code, `null` when the answer was no gRPC at all (then `httpStatus` says what it was). */
export type GrpcAnswer = { status: number | null; message: string; httpStatus: number; messages: Buffer[] };

export type GrpcConnection = { call(path: string, request: Uint8Array): Promise<GrpcAnswer | FailedOutcome>; close(): void };

/** gRPC over HTTP/2, "Length-Prefixed-Message": one byte for compression, four for the length. */
const PREFIX_BYTES = 5;
const MOST_BYTES = 8 * 1024 * 1024;

/** A gRPC connection over node:http2, for calls of one message; the deadline covers the connection's whole life. Loads node:http2 only when asked. */
export function openGrpc(address: Address, limits: GrpcLimits): GrpcConnection {
  const http2 = process.getBuiltinModule('node:http2');
  const began = performance.now();
  const scheme = limits.tls === true ? 'https' : 'http';
  const options: SecureClientSessionOptions = { ...lookupOf(address.host), ...(limits.tls === true && { rejectUnauthorized: false }) };
  const session = http2.connect(`${scheme}://${joinAddress(address)}`, options);
  const progress = { stage: firstStage(address.host), failed: undefined as FailedOutcome | undefined };
  const waiting = new Set<(failed: FailedOutcome) => void>();
  let open = (): void => undefined;
  /** A call made before the connection stands would report the connection's failure as its own. */
  const settled = new Promise<void>((resolve) => (open = resolve));
  const fail = (failed: FailedOutcome): void => {
    progress.failed ??= failed;
    waiting.forEach((settle) => settle(failed));
    session.destroy();
    open();
  };
  const late = (): void => fail(timeoutFailure(progress.stage, performance.now() - began));
  const callOff = deadline(limits.deadlineMs, () => fail(timeoutFailure(progress.stage, limits.deadlineMs)));
  limits.signal?.addEventListener('abort', late);

  session.once('connect', () => {
    progress.stage = 'answer';
    open();
  });
  session.socket.once('lookup', (error: Error | null) => (progress.stage = error === null ? 'connect' : 'name'));
  session.socket.on('connectionAttempt', () => (progress.stage = 'connect'));
  session.on('error', (error: NodeJS.ErrnoException) => fail(sessionFailure(error, progress.stage)));
  session.on('close', () => fail({ failure: 'reset', detail: 'the connection was closed before an answer', stage: progress.stage }));
  if (limits.signal?.aborted === true) late();

  return {
    call: async (path, request) => {
      await settled;
      return progress.failed ?? callOn(session, path, request, waiting, scheme);
    },
    close: () => {
      callOff();
      limits.signal?.removeEventListener('abort', late);
      session.removeAllListeners('close');
      // GOAWAY and FIN once the streams are through: a reset would be a line in the server's log.
      if (!session.destroyed) session.close();
    },
  };
}

/** nghttp2 takes anything that is not a frame for a protocol error. */
function sessionFailure(error: NodeJS.ErrnoException, stage: Stage): FailedOutcome {
  if (error.code?.startsWith('ERR_HTTP2') === true) return { failure: 'malformed', detail: 'the port does not speak HTTP/2', stage };
  return networkFailure(error, stage);
}

function callOn(
  session: ClientHttp2Session,
  path: string,
  request: Uint8Array,
  waiting: Set<(failed: FailedOutcome) => void>,
  scheme: string,
): Promise<GrpcAnswer | FailedOutcome> {
  return new Promise((resolve) => {
    const settle = (answer: GrpcAnswer | FailedOutcome): void => {
      waiting.delete(settle);
      resolve(answer);
    };
    waiting.add(settle);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      ':scheme': scheme,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'otlpctl',
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.on('response', (received) => (headers = received));
    stream.on('trailers', (received) => (trailers = received));
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MOST_BYTES) stream.destroy(new Error(`the answer is longer than ${MOST_BYTES} bytes`));
    });
    // A stream that goes down with its connection is told by the connection's own error.
    const withConnection = (): boolean => session.destroyed || session.closed;
    stream.on('error', (error) => void (withConnection() || settle({ failure: 'malformed', detail: error.message, stage: 'answer' })));
    stream.on(
      'close',
      () =>
        void (withConnection() && headers[':status'] === undefined
          ? undefined
          : settle(answerOf(headers, trailers, Buffer.concat(chunks)))),
    );
    stream.end(framed(request));
  });
}

/** A refusal without messages carries its status in the headers ("Trailers-Only"). */
function answerOf(headers: IncomingHttpHeaders, trailers: IncomingHttpHeaders, body: Buffer): GrpcAnswer {
  const from = trailers['grpc-status'] === undefined ? headers : trailers;
  const status = from['grpc-status'] === undefined ? null : Number(from['grpc-status']);
  return {
    status,
    message: percentDecoded(String(from['grpc-message'] ?? '')),
    httpStatus: Number(headers[':status'] ?? 0),
    messages: unframed(body),
  };
}

function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Whole messages only: one that is cut or compressed is left out. */
function unframed(body: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + PREFIX_BYTES <= body.length;) {
    const end = at + PREFIX_BYTES + body.readUInt32BE(at + 1);
    if (end > body.length) break;
    if (body[at] === 0) messages.push(body.subarray(at + PREFIX_BYTES, end));
    at = end;
  }
  return messages;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

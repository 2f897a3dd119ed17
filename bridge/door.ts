import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from './node-http.ts';

/** A request as a handler sees it. */
export type Asked = {
  method: string;
  /** as sent, percent-encoded, without the query */
  path: string;
  query: URLSearchParams;
  /** value of the Host header */
  host: string;
  /** media type in lower case, without parameters; null without one */
  contentType: string | null;
  /** value of the Accept header */
  accept: string;
  body: string;
};

/** An answer; a body is sent as JSON, a text as it is (with its type among the headers), neither as an empty answer. */
export type Answer = { status: number; body?: unknown; text?: string; headers?: Readonly<Record<string, string>> };
export type Handler = (asked: Asked) => Answer | Promise<Answer>;
/** Who may ask at a door. Gives the answer to who may not, or nothing. */
export type Guard = (request: Pick<IncomingMessage, 'headers' | 'url'>) => Answer | null;
export type OpenDoor = { host: string; port: number; close(): Promise<void> };

/** Largest body: a connector's configuration is a few kB. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Connections that still talk at close get this long. */
const CLOSE_MS = 1000;

const errorAnswer = (status: number, message: string): Answer => ({ status, body: { error_code: status, message } });

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Left half read, the request stays open: its sender is still to be answered.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      request.resume();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function answerTo(request: IncomingMessage, guard: Guard, handle: Handler): Promise<Answer> {
  const refused = guard(request);
  if (refused) {
    // Unread to its end, the body would reset the connection and lose the answer.
    request.resume();
    return refused;
  }
  const body = await readBody(request);
  if (body === null) return { ...errorAnswer(413, `The body is larger than ${MAX_BODY_BYTES} bytes`), headers: { connection: 'close' } };
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return handle({
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    host: request.headers.host ?? '',
    contentType: request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() || null,
    accept: request.headers.accept ?? '',
    body,
  });
}

function send(response: ServerResponse, method: string, answer: Answer): void {
  const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  const headers: Record<string, string | number> = { ...answer.headers };
  if (text !== '') headers['content-type'] ??= 'application/json';
  if (answer.status !== 204) headers['content-length'] = Buffer.byteLength(text);
  response.writeHead(answer.status, headers);
  response.end(method === 'HEAD' ? undefined : text);
}

/** Connections at a time, and how long a head and a whole request may take. */
const MOST_CONNECTIONS = 256;
const TIMES = { keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };

/**
 * Opens an HTTP port that answers whom the guard lets in. Rejects with the system's error (EADDRINUSE, EACCES …).
 * `handle` may throw: that is a 500 with its message, and the process lives.
 */
export function openDoor({ host, port, guard, handle }: { host: string; port: number; guard: Guard; handle: Handler }): Promise<OpenDoor> {
  const server = createServer(TIMES, (request, response) => {
    answerTo(request, guard, handle)
      .catch((error: unknown) => errorAnswer(500, error instanceof Error ? error.message : String(error)))
      .then((answer) => send(response, request.method ?? 'GET', answer))
      .catch(() => response.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((opened, failed) => {
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed);
      opened({
        host,
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS).unref();
            server.close(() => {
              clearTimeout(timer);
              closed();
            });
            server.closeIdleConnections();
          }),
      });
    });
  });
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { CONTENT_TYPE, type Encoding } from '../message.ts';
import { tooLarge, type Accept } from './accept.ts';
import { answerBrokenHttp } from './broken-http.ts';
import { postErrorEvent, type Complain } from './complaints.ts';
import { createBudget, inflate as inflateGzip, readBody, type Body, type Inflate } from './http-body.ts';
import { ANSWER, type Answered, type Outcome } from './outcome.ts';
import type { StatusWriter } from './status.ts';

export type HttpIntake = {
  accept: Accept;
  refusing: () => boolean;
  writeStatus: StatusWriter;
  complain: Complain;
  answered: Answered;
  maxRequestBytes: number;
  inflate?: Inflate;
};

/** SDKs export every 5 to 60 s over one connection: closing it sooner would meet the next export halfway. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 80_000;
const REQUEST_MS = 120_000;
/** How long an early answer waits for the sender to stop sending: closing at once would reset the connection and lose the answer. */
const LINGER_MS = 2_000;
/** Bodies on their way in, as a multiple of the largest one allowed. */
const BODIES = 4;

const SIGNAL_OF = new Map<string, Signal>(SIGNALS.map((signal) => [SIGNAL[signal].path, signal]));
const ENCODING_OF = new Map<string, Encoding>(Object.entries(CONTENT_TYPE).map(([encoding, type]) => [type, encoding as Encoding]));
/** Text, because Node sends headers and text in one write, but headers and bytes in two. */
const SUCCESS: Readonly<Record<Encoding, string>> = { protobuf: '', json: '{}' };
const PATHS = SIGNALS.map((signal) => SIGNAL[signal].path).join(', ');
const TYPES = [...ENCODING_OF.keys()].join(' or ');

/** `Application/JSON; charset=utf-8` is JSON too. */
const encodingOf = (contentType: string | undefined): Encoding | null =>
  ENCODING_OF.get((contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()) ?? null;

/** What can be said before the body is read: what is wrong with path, method or type, or nothing. */
function judgeHead(request: IncomingMessage, signal: Signal | undefined, encoding: Encoding | null): Outcome | null {
  if (!signal) return { is: 'unknown-path', reason: `Nothing is served here. OTLP/HTTP is posted to ${PATHS}.` };
  if (request.method !== 'POST')
    return { is: 'wrong-method', reason: `OTLP/HTTP for ${signal} is served here: send a POST with Content-Type ${TYPES}.` };
  if (!encoding) return { is: 'unsupported-type', reason: `Content-Type must be ${TYPES}.` };
  return null;
}

/** OTLP/HTTP for all three signals. Source: OTLP specification, "OTLP/HTTP". It does not listen yet. */
export function httpServer({
  accept,
  refusing,
  writeStatus,
  complain,
  answered,
  maxRequestBytes,
  inflate = inflateGzip,
}: HttpIntake): Server {
  const budget = createBudget(maxRequestBytes * BODIES);
  const over = tooLarge(maxRequestBytes);

  const answer = (request: IncomingMessage, response: ServerResponse, outcome: Outcome, encoding: Encoding) => {
    if (response.destroyed) return;
    const { http, retryAfterSeconds } = ANSWER[outcome.is];
    const body = http === 200 ? SUCCESS[encoding] : writeStatus(outcome, encoding);
    const isCutShort = !request.complete && (outcome.is === 'too-large' || outcome.is === 'busy');
    if (isCutShort || refusing()) response.shouldKeepAlive = false;
    response.statusCode = http;
    response.setHeader('Content-Type', CONTENT_TYPE[encoding]);
    response.setHeader('Content-Length', body.length);
    if (retryAfterSeconds !== null) response.setHeader('Retry-After', retryAfterSeconds);
    if (http === 405) response.setHeader('Allow', 'POST');
    if (!isCutShort) return void response.end(body);
    response.write(body);
    const end = () => response.end();
    const timer = setTimeout(end, LINGER_MS).unref();
    request
      .resume()
      .once('end', end)
      .once('close', () => clearTimeout(timer));
  };

  const judgeBody = async (request: IncomingMessage, raw: Body, signal: Signal, encoding: Encoding): Promise<Outcome | null> => {
    if (!Buffer.isBuffer(raw)) return raw;
    const body = await inflate(raw, request.headers['content-encoding'], maxRequestBytes, over, budget);
    if (!Buffer.isBuffer(body)) return body;
    return accept(signal, body, encoding);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const signal = SIGNAL_OF.get((request.url ?? '').split('?', 1)[0]!);
    const encoding = encodingOf(request.headers['content-type']);
    const early = judgeHead(request, signal, encoding);
    if (early) {
      answer(request, response, early, encoding ?? 'json');
      return answered('http', signal ?? null, early.is, null);
    }
    const raw = await readBody(request, maxRequestBytes, over, budget);
    const began = performance.now();
    const outcome = await judgeBody(request, raw, signal!, encoding!);
    if (!outcome) return;
    if (ANSWER[outcome.is].http === 400) complain(postErrorEvent(signal!), outcome.reason);
    answer(request, response, outcome, encoding!);
    answered('http', signal!, outcome.is, Buffer.isBuffer(raw) ? performance.now() - began : null);
  };

  const options = { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, noDelay: true };
  const server = createServer(options, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      complain('http_request_error', `uri=${request.url} ${String(error)}`);
      answered('http', null, 'failed', null);
      if (!response.headersSent) answer(request, response, { is: 'failed', reason: 'The service failed at this request.' }, 'json');
      else response.destroy();
    });
  });
  answerBrokenHttp(server, writeStatus, () => answered('http', null, 'undecodable', null));
  return server;
}

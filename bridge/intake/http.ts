import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { Budget } from '../budget.ts';
import { CONTENT_TYPE, type Encoding } from '../message.ts';
import { tooLarge, type Accept } from './accept.ts';
import { postErrorEvent, type Complain } from './complaints.ts';
import { BUSY, inflate as inflateGzip, readBody, type Body, type Inflate } from './http-body.ts';
import type { Limits } from './limits.ts';
import { ANSWER, type Answered, type Outcome } from './outcome.ts';
import type { StatusWriter } from './status.ts';

export type HttpIntake = {
  accept: Accept;
  /** whether a connection ends with its next answer, so that its sender looks elsewhere */
  leaving: () => boolean;
  writeStatus: StatusWriter;
  complain: Complain;
  answered: Answered;
  maxRequestBytes: number;
  budget: Budget;
  /** counts a request that was refused before it was whole */
  refused: (signal: Signal) => void;
  /** what undoes Content-Encoding, unless the usual does */
  inflate?: Inflate | undefined;
};

const SIGNAL_OF = new Map<string, Signal>(SIGNALS.map((signal) => [SIGNAL[signal].path, signal]));
const ENCODING_OF = new Map<string, Encoding>(Object.entries(CONTENT_TYPE).map(([encoding, type]) => [type, encoding as Encoding]));
/** Text, because Node sends headers and text in one write, but headers and bytes in two. */
const SUCCESS: Readonly<Record<Encoding, string>> = { protobuf: '', json: '{}' };
const PATHS = SIGNALS.map((signal) => SIGNAL[signal].path).join(', ');
const TYPES = [...ENCODING_OF.keys()].join(' or ');

/** `Application/JSON; charset=utf-8` is JSON too, and rare. */
const encodingOf = (contentType = ''): Encoding | null =>
  ENCODING_OF.get(contentType) ?? ENCODING_OF.get(contentType.split(';', 1)[0]!.trim().toLowerCase()) ?? null;

/** A query changes nothing, and is rare too. */
const signalOf = (url = ''): Signal | undefined => SIGNAL_OF.get(url) ?? SIGNAL_OF.get(url.split('?', 1)[0]!);

/** What can be said before the body is read: what is wrong with path, method or type, or nothing. */
function judgeHead(request: IncomingMessage, signal: Signal | undefined, encoding: Encoding | null): Outcome | null {
  if (!signal) return { is: 'unknown-path', reason: `Nothing is served here. OTLP/HTTP is posted to ${PATHS}.` };
  if (request.method !== 'POST')
    return { is: 'wrong-method', reason: `OTLP/HTTP for ${signal} is served here: send a POST with Content-Type ${TYPES}.` };
  if (!encoding) return { is: 'unsupported-type', reason: `Content-Type must be ${TYPES}.` };
  return null;
}

/** The stream of a request over HTTP/2, null over HTTP/1.1. */
const streamOf = (response: ServerResponse): ServerHttp2Stream | null => (response as { stream?: ServerHttp2Stream }).stream ?? null;

/** Answers one OTLP/HTTP request of any signal, over HTTP/1.1 or HTTP/2. Source: OTLP specification, "OTLP/HTTP". */
export function httpHandler(intake: HttpIntake, limits: Limits) {
  const { accept, leaving, writeStatus, complain, answered, maxRequestBytes, budget, refused, inflate = inflateGzip } = intake;
  const over = tooLarge(maxRequestBytes);

  const answer = (request: IncomingMessage, response: ServerResponse, outcome: Outcome, encoding: Encoding) => {
    const stream = streamOf(response);
    if (stream ? stream.destroyed || stream.closed : response.destroyed) return;
    const { http, retryAfterSeconds } = ANSWER[outcome.is];
    const body = http === 200 ? SUCCESS[encoding] : writeStatus(outcome, encoding);
    const isCutShort = !request.complete && (outcome.is === 'too-large' || outcome.is === 'busy');
    if (isCutShort || leaving()) response.shouldKeepAlive = false;
    const headers: Record<string, string | number> = { 'Content-Type': CONTENT_TYPE[encoding], 'Content-Length': body.length };
    if (retryAfterSeconds !== null) headers['Retry-After'] = retryAfterSeconds;
    if (http === 405) headers['Allow'] = 'POST';
    // What would be read. Source: RFC 9110 section 15.5.16.
    if (outcome.is === 'unsupported-encoding') headers['Accept-Encoding'] = 'gzip';
    response.writeHead(http, headers);
    if (!isCutShort || stream) response.end(body);
    // HTTP/2 can end one request early and keep the connection. Source: RFC 9113 section 8.1.
    if (isCutShort && stream) stream.close();
    if (leaving() && stream) stream.session?.close();
    if (!isCutShort || stream) return;
    response.write(body);
    const end = () => response.end();
    const timer = setTimeout(end, limits.lingerMs).unref();
    request
      .resume()
      .once('end', end)
      .once('close', () => clearTimeout(timer));
  };

  const failed = (request: IncomingMessage, response: ServerResponse, error: unknown) => {
    complain('http_request_error', `uri=${request.url} ${String(error)}`);
    answered('http', null, 'failed', null);
    if (!response.headersSent) answer(request, response, { is: 'failed', reason: 'The service failed at this request.' }, 'json');
    else response.destroy();
  };

  /** What comes once the body is there, or will not be. */
  const judge = (request: IncomingMessage, response: ServerResponse, raw: Body, signal: Signal, encoding: Encoding): void => {
    if (raw === null) return;
    const began = Buffer.isBuffer(raw) ? performance.now() : null;
    const settle = (outcome: Outcome) => {
      if (outcome === BUSY) refused(signal);
      if (ANSWER[outcome.is].http === 400) complain(postErrorEvent(signal), outcome.reason);
      answer(request, response, outcome, encoding);
      answered('http', signal, outcome.is, began === null ? null : performance.now() - began, request.headers['user-agent'] ?? '');
    };
    const body = Buffer.isBuffer(raw) ? inflate(raw, request.headers['content-encoding'], maxRequestBytes, over, budget) : raw;
    const offered = (ready: Buffer | Outcome) => (Buffer.isBuffer(ready) ? accept(signal, ready, encoding) : ready);
    const outcome = body instanceof Promise ? body.then(offered) : offered(body);
    if (outcome instanceof Promise) outcome.then(settle).catch((error: unknown) => failed(request, response, error));
    else settle(outcome);
  };

  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const signal = signalOf(request.url);
    const encoding = encodingOf(request.headers['content-type']);
    const early = judgeHead(request, signal, encoding);
    if (early) {
      answer(request, response, early, encoding ?? 'json');
      return answered('http', signal ?? null, early.is, null);
    }
    readBody(request, maxRequestBytes, over, budget, (raw) => {
      try {
        judge(request, response, raw, signal!, encoding!);
      } catch (error) {
        failed(request, response, error);
      }
    });
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    try {
      begin(request, response);
    } catch (error) {
      failed(request, response, error);
    }
  };
}

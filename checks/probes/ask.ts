import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Credentials } from '../target.ts';
import type { Stage } from '../facts/index.ts';
import { deadline } from './deadline.ts';
import { excerpt } from './excerpt.ts';
import { firstStage, lookupOf } from './localhost.ts';
import { networkFailure, timeoutFailure } from './network-failure.ts';
import type { AskRequest, FailedOutcome, Reply } from './probe.ts';
import { hostOf } from '../address.ts';
import { spoken } from './spoken.ts';
import { answersTls } from './tls.ts';

/** `signal`: the look's; `deadlineMs`: unless the request has its own; `count` is called once an exchange. */
export type Within = { signal: AbortSignal; deadlineMs: number; count(): void };

type Answered = { value: Reply } | FailedOutcome;

/** The one way to ask over HTTP, for one run: its connections live in two agents that `close` ends. */
export type Http = {
  ask(request: AskRequest, within: Within): Promise<Answered>;
  close(): void;
};

const MAX_BYTES = 1024 * 1024;

/** A URL as a person would write it: no credentials. */
export const shown = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}${url.search}`;

/** How a look over HTTP is named: `GET http://localhost:8083/connectors`. */
export const sourceOf = (request: AskRequest): string => `${methodOf(request)} ${shown(request.url)}`;

/** Of a POST. */
const bodyOf = ({ json, body }: AskRequest): Buffer | undefined =>
  body !== undefined ? body.bytes : json === undefined ? undefined : Buffer.from(JSON.stringify(json));

const methodOf = (request: AskRequest): string => request.method ?? (bodyOf(request) === undefined ? 'GET' : 'POST');

/**
 * No proxy of the environment is taken (node:http takes none unless told to), no redirect is followed: both are facts.
 * `node:http` comes by getBuiltinModule because an import of it costs 26 ms, also where nothing is asked.
 */
export function openHttp(): Http {
  const modules = { 'http:': () => process.getBuiltinModule('node:http'), 'https:': () => process.getBuiltinModule('node:https') };
  const agents = new Map<string, { destroy(): void }>();
  const agentOf = (protocol: 'http:' | 'https:') => {
    const agent = agents.get(protocol) ?? new (modules[protocol]().Agent)({ keepAlive: true });
    agents.set(protocol, agent);
    return agent;
  };
  const hellos = new Map<string, Promise<boolean>>();

  const send = (request: AskRequest, within: Within, alone: boolean): Promise<Exchanged> => {
    within.count();
    const protocol = request.url.protocol === 'https:' ? 'https:' : 'http:';
    const options = { ...optionsOf(request), agent: alone ? false : agentOf(protocol) } as RequestOptions;
    return exchange(request, within, () => modules[protocol]().request(request.url, options));
  };

  /** A port that speaks TLS may just close on a plain request: one hello a port tells. */
  const wantsTls = (url: URL, within: Within): Promise<boolean> => {
    const hello = hellos.get(url.host) ?? sayHello(url, within);
    hellos.set(url.host, hello);
    return hello;
  };

  return {
    async ask(request, { signal, deadlineMs, count }) {
      const began = performance.now();
      const limitMs = request.deadlineMs ?? deadlineMs;
      const both = request.signal === undefined ? signal : AbortSignal.any([signal, request.signal]);
      const left = (): Within => ({ signal: both, deadlineMs: Math.max(limitMs - (performance.now() - began), 0), count });
      const first = await send(request, { signal: both, deadlineMs: limitMs, count }, request.alone === true);
      // A connection kept from an earlier exchange may have been closed by the server just then; that says nothing about this one.
      const { answered } = first.reused && isReset(first.answered) ? await send(request, left(), true) : first;
      if (!isReset(answered) || request.url.protocol === 'https:') return answered;
      return (await wantsTls(request.url, left())) ? WANTS_HTTPS : answered;
    },
    close: () => agents.forEach((agent) => agent.destroy()),
  };
}

const isReset = (answered: Answered): boolean => 'failure' in answered && answered.failure === 'reset';

const WANTS_HTTPS: FailedOutcome = {
  failure: 'tls',
  detail: 'the port closes a plain request and answers a TLS hello: it wants https',
  stage: 'answer',
};

function sayHello(url: URL, { signal, deadlineMs, count }: Within): Promise<boolean> {
  count();
  return answersTls({ host: hostOf(url), port: portOf(url) }, deadlineMs, signal);
}

const portOf = (url: URL): number => Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);

function optionsOf(request: AskRequest): RequestOptions & { ca?: string; cert?: string; key?: string } {
  const auth = request.auth ?? userinfoOf(request.url);
  const body = bodyOf(request);
  return {
    method: methodOf(request),
    ...lookupOf(hostOf(request.url)),
    // Given here even when there is none: Node would otherwise take the URL's userinfo still percent-encoded.
    ...(auth === undefined ? {} : { auth: `${auth.user}:${auth.password}` }),
    ...request.tls,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': request.body?.type ?? 'application/json', 'content-length': String(body.length) }),
      ...request.headers,
    },
  };
}

function userinfoOf(url: URL): Credentials | undefined {
  return url.username === '' ? undefined : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}

/** `reused`: the connection had served an exchange before. */
type Exchanged = { answered: Answered; reused: boolean };

function exchange(request: AskRequest, within: Within, open: () => ClientRequest): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const progress = { stage: firstStage(hostOf(request.url)), bytes: 0 };
    const sent = open();
    const settle = (finish: () => Answered): void => {
      callOff();
      within.signal.removeEventListener('abort', late);
      try {
        resolve({ answered: finish(), reused: sent.reusedSocket });
      } catch (error) {
        reject(error as Error);
      }
      // What was read to its end goes back to the agent by itself; everything else is closed now.
      if (!sent.destroyed && !sent.closed) sent.destroy();
    };
    const giveUp = (ms: number): void => settle(() => timeoutFailure(progress.stage, ms, progress.bytes));
    const late = (): void => giveUp(performance.now() - began);
    const callOff = deadline(within.deadlineMs, () => giveUp(within.deadlineMs));
    within.signal.addEventListener('abort', late);
    if (within.signal.aborted) late();

    sent.on('socket', (socket) => follow(socket, request.url.protocol === 'https:', progress));
    sent.on('error', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }) =>
      settle(() => failureOf(error, progress.stage, request.url)),
    );
    sent.on('response', (response) => {
      progress.stage = 'body';
      read(response, request.maxBytes ?? MAX_BYTES, progress, (answered) => settle(() => answered));
    });
    sent.end(bodyOf(request));
  });
}

/** Notes how far a new connection has come; one taken from the agent is there already. */
function follow(socket: Socket, tls: boolean, progress: { stage: Stage }): void {
  if (!socket.connecting) {
    progress.stage = 'answer';
    return;
  }
  socket.once('lookup', (error: Error | null) => (progress.stage = error === null ? 'connect' : 'name'));
  // A name with several addresses has no `lookup` event.
  socket.on('connectionAttempt', () => (progress.stage = 'connect'));
  socket.once('connect', () => (progress.stage = tls ? 'tls' : 'answer'));
  socket.once('secureConnect', () => (progress.stage = 'answer'));
}

function failureOf(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, stage: Stage, url: URL): FailedOutcome {
  if (error.code?.startsWith('HPE_') !== true) {
    // Node's `socket hang up` says less than this does.
    if (error.code === 'ECONNRESET' && stage === 'answer')
      return { failure: 'reset', detail: 'the connection was closed before an answer', stage };
    const failed = networkFailure(error, stage);
    return failed.failure === 'tls' && failed.detail.endsWith('plain text')
      ? { ...failed, detail: `${failed.detail}: it wants http` }
      : failed;
  }
  const bytes = error.rawPacket ?? Buffer.alloc(0);
  const what = spoken(bytes);
  if (what === 'tls') return { failure: 'tls', detail: 'the port answers a plain request with TLS: it wants https', stage };
  if (what === 'http2') return { failure: 'malformed', detail: 'the port speaks HTTP/2, as a gRPC receiver does, and not HTTP/1.1', stage };
  return { failure: 'malformed', detail: `the answer of ${url.host} is not HTTP`, stage, excerpt: excerpt(bytes.toString('utf8')) };
}

function read(response: IncomingMessage, maxBytes: number, progress: { bytes: number }, done: (answered: Answered) => void): void {
  const chunks: Buffer[] = [];
  const status = response.statusCode ?? 0;
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  const contentType = headers['content-type'];
  const broken = (detail: string): FailedOutcome => ({
    failure: 'malformed',
    detail,
    stage: 'body',
    status,
    ...(contentType === undefined ? {} : { contentType }),
    excerpt: excerpt(Buffer.concat(chunks).toString('utf8')),
  });
  const cut = (): void => {
    const promised = headers['content-length'];
    done(broken(`the answer breaks off after ${progress.bytes} ${promised === undefined ? 'bytes' : `of ${promised} bytes`}`));
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    progress.bytes += chunk.length;
    if (progress.bytes > maxBytes) done(broken(`the answer is longer than ${maxBytes} bytes`));
  });
  response.on('error', cut);
  response.on('end', () => {
    if (!response.complete) return cut();
    const text = Buffer.concat(chunks).toString('utf8');
    done({ value: { status, headers, text, ...(contentType === undefined ? {} : { contentType }) } });
  });
}

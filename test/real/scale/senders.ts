import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import { exportRequest } from '../../doubles/load.ts';

export type Over = 'grpc' | 'http';
/** One try: OK by a bridge, or what was said instead. `said`: a gRPC code's name, an HTTP status, or the system's code of a broken connection. */
type Try = { by: string | null; said: string };
export type Failure = { id: string; over: Over; said: string; at: number };
export type Acknowledged = { by: string | null; at: number };
export type Sent = {
  /** by id: who answered OK, and when */
  acknowledged: Map<string, Acknowledged>;
  failures: Failure[];
  /** ids that were given up: an answer that no sender tries again after, or too many tries */
  givenUp: string[];
  /** tries without an answer yet */
  open: number;
};

/**
 * After what a sender tries again. Source: OTLP specification, "Failures" of OTLP/gRPC and OTLP/HTTP: of what they list, only what a bridge behind a
 * balancer may cause; a connection that breaks counts too.
 */
const RETRYABLE: Readonly<Record<Over, RegExp>> = { grpc: /^UNAVAILABLE$/, http: /^(502|503|504|E[A-Z]+)$/ };
const MOST_TRIES = 100;
const CALL_MS = 10_000;

/** Ids as they stand in what is sent, to be found again in what is stored. */
export const ID = /scale-(?:grpc|http)-\d{6}/g;

const same = (bytes: Buffer): Buffer => bytes;

function overGrpc(client: Client, body: Buffer): Promise<Try> {
  return new Promise((done) => {
    let by: string | null = null;
    const answered = (error: ServiceError | null) => done({ by, said: error === null ? 'OK' : (status[error.code] ?? String(error.code)) });
    client
      .makeUnaryRequest(`/${SIGNAL.traces.service}/Export`, same, same, body, new Metadata(), { deadline: Date.now() + CALL_MS }, answered)
      .on('metadata', (metadata: Metadata) => (by = metadata.get('x-served-by')[0]?.toString() ?? null));
  });
}

function overHttp(agent: Agent, port: number, body: Buffer): Promise<Try> {
  const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
  const options = { agent, host: '127.0.0.1', port, method: 'POST', path: SIGNAL.traces.path, headers, timeout: CALL_MS };
  return new Promise((done) => {
    const broken = (error: NodeJS.ErrnoException) => done({ by: null, said: error.code ?? error.message });
    const sent = request(options, (answer) => {
      const by = answer.headers['x-served-by'];
      const said = answer.statusCode === 200 ? 'OK' : String(answer.statusCode);
      answer
        .resume()
        .on('error', broken)
        .on('end', () => done({ by: typeof by === 'string' ? by : null, said }));
    });
    sent.on('error', broken).on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    sent.end(body);
  });
}

/** Sends one message until it is answered OK, as an exporter does. */
async function deliver(sent: Sent, over: Over, id: string, attempt: (body: Buffer) => Promise<Try>): Promise<void> {
  const body = exportRequest('traces', id);
  for (let tries = 1; ; tries++) {
    sent.open++;
    const { by, said } = await attempt(body);
    sent.open--;
    const at = Date.now();
    if (said === 'OK') return void sent.acknowledged.set(id, { by, at });
    sent.failures.push({ id, over, said, at });
    if (!RETRYABLE[over].test(said) || tries === MOST_TRIES) return void sent.givenUp.push(id);
    await pause(Math.min(1000, 50 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random()));
  }
}

/** Sends single spans with an id each over both transports, so many a second over each, until stopped; then what is on its way is still delivered. */
export function startSenders(ports: Readonly<Record<Over, number>>, perSecond: number): { sent: Sent; stop(): Promise<void> } {
  const sent: Sent = { acknowledged: new Map(), failures: [], givenUp: [], open: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const client = new Client(`127.0.0.1:${ports.grpc}`, credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
  const attempts = {
    grpc: (body: Buffer) => overGrpc(client, body),
    http: (body: Buffer) => overHttp(agent, ports.http, body),
  } as const;
  const stopped = new AbortController();
  const run = async (over: Over) => {
    const began = Date.now();
    const open: Promise<void>[] = [];
    for (let number = 0; !stopped.signal.aborted; await pause(10))
      for (const due = ((Date.now() - began) / 1000) * perSecond; number < due; number++)
        open.push(deliver(sent, over, `scale-${over}-${String(number).padStart(6, '0')}`, attempts[over]));
    await Promise.all(open);
  };
  const running = Promise.all([run('grpc'), run('http')]);
  return {
    sent,
    async stop() {
      stopped.abort();
      await running;
      client.close();
      agent.destroy();
    },
  };
}

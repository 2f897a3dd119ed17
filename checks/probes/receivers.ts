import type { Address, GrpcLook, HttpLook, Place, Spoke } from '../facts/index.ts';
import { SIGNAL } from '../../proto/vocabulary/signals.ts';
import { atTarget } from './at-target.ts';
import { excerpt } from './excerpt.ts';
import { bracketed, joinAddress } from '../address.ts';
import type { Answer, FailedOutcome, Look, Outcome, Probe } from './probe.ts';
import { spoken } from './spoken.ts';
import { spokeOf, talk, type Dialogue, type Heard } from './talk.ts';

/** What a look at an open port needs of a Look. */
export type LookLimits = Pick<Look, 'deadlineMs' | 'signal' | 'count'>;

/** RFC 9113, 3.4: the client preface and an empty SETTINGS frame; then its acknowledgement and GOAWAY (NO_ERROR), so that the server logs nothing. */
const GRPC: Dialogue = {
  say: Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, Buffer.alloc(0))]),
  enough: (bytes) => (spoken(bytes) === 'http1' ? bytes.includes('\r\n\r\n') : bytes.length >= 9),
  farewell: Buffer.concat([frame(4, 1, Buffer.alloc(0)), frame(7, 0, Buffer.alloc(8))]),
  alpn: 'h2',
};

function frame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  return Buffer.concat([head, payload]);
}

/** A GET writes nothing: OTLP/HTTP takes POST only and answers 405. */
function getOf(place: Place): { dialogue: Dialogue; path: string } {
  const path = `${place.path ?? ''}${SIGNAL.traces.path}`;
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${joinAddress(place)}`, 'User-Agent: otlpctl', 'Accept: */*', 'Connection: close', '', ''];
  return { path, dialogue: { say: Buffer.from(lines.join('\r\n')), enough: isWholeAnswer, alpn: 'http/1.1', farewell: Buffer.alloc(0) } };
}

function isWholeAnswer(bytes: Buffer): boolean {
  if (bytes.length > 0 && spoken(bytes) !== 'http1') return bytes.length >= 9;
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return false;
  return bytes.length >= end + 4 + Number(headOf(bytes).headers['content-length'] ?? 0);
}

function headOf(bytes: Buffer): { first: string; status: number; headers: Record<string, string>; body: string } {
  const text = bytes.toString('utf8');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { first, status: Number(/^HTTP\/1\.\d (\d{3})/.exec(first)?.[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}

type Spoken = { spoke: Spoke; tls?: boolean; inTls?: Spoke; bytes: Buffer };

/** TLS is asked for only where plain bytes were not understood. */
const MAYBE_TLS: readonly Spoke[] = ['closed', 'silence', 'tls'];
/** Of one deadline, what the first of two looks gets. */
const FIRST_SHARE = 2 / 3;

async function converse(place: Place, dialogue: Dialogue, limits: LookLimits): Promise<Spoken | FailedOutcome> {
  const began = performance.now();
  const speak = (tls: boolean, deadlineMs: number): Promise<Heard | FailedOutcome> => {
    limits.count();
    return talk(place, dialogue, { deadlineMs, signal: limits.signal }, tls);
  };
  const left = (): number => Math.max(limits.deadlineMs - (performance.now() - began), 0);
  const preferTls = place.tls === true;

  const first = await speak(preferTls, limits.deadlineMs * FIRST_SHARE);
  if (preferTls && 'ended' in first) return { spoke: spokeOf(first), tls: true, bytes: first.bytes };
  // Only what a port of the other kind would do to our bytes is worth a second look.
  if ('failure' in first && first.failure !== 'reset' && first.failure !== 'tls') return first;
  const spoke = 'ended' in first ? spokeOf(first) : 'closed';
  if (!preferTls && !MAYBE_TLS.includes(spoke)) return { spoke, bytes: (first as Heard).bytes };

  const second = await speak(!preferTls, left());
  if (preferTls) return 'ended' in second ? { spoke: spokeOf(second), tls: false, bytes: second.bytes } : (first as FailedOutcome);
  if ('ended' in second) return { spoke, tls: true, inTls: spokeOf(second), bytes: second.bytes };
  return 'failure' in first ? first : { spoke, tls: false, bytes: first.bytes };
}

/** Source: the gRPC receiver speaks HTTP/2 in the clear; its SETTINGS prove that it is alive without making a call. */
export async function lookAtGrpc(place: Place, limits: LookLimits): Promise<Answer<GrpcLook>> {
  const found = await converse(place, GRPC, limits);
  const source = `HTTP/2 preface to ${joinAddress(place)}`;
  return { source, ...outcomeOf<GrpcLook>(found, place, http1Fields) };
}

/** Any status is a value: 405 is what a receiver says to GET. */
export async function lookAtHttp(place: Place, limits: LookLimits): Promise<Answer<HttpLook>> {
  const { dialogue, path } = getOf(place);
  const found = await converse(place, dialogue, limits);
  const source = `GET ${place.tls === true ? 'https' : 'http'}://${bracketed(place.host)}:${place.port}${path}`;
  return { source, ...outcomeOf<HttpLook>(found, place, httpFields) };
}

function outcomeOf<T extends GrpcLook>(found: Spoken | FailedOutcome, place: Place, more: (bytes: Buffer) => Partial<T>): Outcome<T> {
  if ('failure' in found) return found;
  const { bytes, ...rest } = found;
  const address: Address = { host: place.host, port: place.port };
  const understood = found.inTls ?? found.spoke;
  const seen = understood === 'http1' ? more(bytes) : understood === 'other' ? { excerpt: excerpt(bytes.toString('utf8')) } : {};
  return { value: { address, ...rest, ...seen } as T };
}

/** Of headers only these: others may hold a cookie. */
function httpFields(bytes: Buffer): Partial<HttpLook> {
  const { status, headers, body } = headOf(bytes);
  const [contentType, server] = [headers['content-type'], headers['server']];
  return {
    status,
    ...(contentType === undefined ? {} : { contentType }),
    ...(server === undefined ? {} : { server }),
    excerpt: excerpt(body),
  };
}

/** What a server of the wrong kind says on the gRPC port: its status line and the page. */
function http1Fields(bytes: Buffer): Partial<GrpcLook> {
  const { first, body } = headOf(bytes);
  return { excerpt: excerpt(`${first} ${body}`) };
}

/** One receiver of the target: skipped when it is off or has no address, marked when its address was assumed. */
function receiver<T>(
  which: 'grpc' | 'http',
  ask: (place: Place, limits: LookLimits) => Promise<Answer<T>>,
): (look: Look) => Promise<Answer<T>> {
  const source = `${which} receiver`;
  const give = which === 'grpc' ? '--otlp-grpc HOST:PORT' : '--otlp-http URL';
  return async (look) => {
    const { place, answer } = await atTarget(
      look,
      ({ [which]: at, config }) => ({ at, port: config?.[`otlp.${which}.port`] }),
      async ({ at, port }, signal): Promise<Answer<T>> => {
        if (at === null) return { source, unasked: 'skipped', reason: `otlp.${which}.port=${port} names no port to look at`, give };
        if (at.off === true) return { source, unasked: 'skipped', reason: `the receiver is switched off (otlp.${which}.enabled=false)` };
        return ask(at, { deadlineMs: look.deadlineMs, signal, count: look.count });
      },
    );
    return place.at?.assumed === true ? { ...answer, assumed: true } : answer;
  };
}

const grpc = receiver('grpc', lookAtGrpc);
const http = receiver('http', lookAtHttp);

export const RECEIVER_PROBES: readonly Probe[] = [
  { gives: ['receiver.grpc'], uses: ['target'], rounds: 3, look: async (look) => ({ 'receiver.grpc': await grpc(look) }) },
  { gives: ['receiver.http'], uses: ['target'], rounds: 3, look: async (look) => ({ 'receiver.http': await http(look) }) },
];

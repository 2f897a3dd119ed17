import type { ActiveLook, ActiveSend, Place, TargetFact } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { bracketed, joinAddress } from '../address.ts';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { openGrpc } from './grpc-call.ts';
import type { Look, Probe, Reply } from './probe.ts';

/** Sends, where that was allowed: one marked request of each signal over each protocol. What makes them is loaded only then. */
export const activeProbe: Probe = {
  gives: ['active'],
  needs: ['target', 'receiver.grpc', 'receiver.http'],
  rounds: 2,
  async look(look) {
    const source = 'marked requests';
    const { settings, fact } = look;
    if (settings.active !== true)
      return { active: { source, unasked: 'skipped', reason: 'nothing is sent unless it is allowed', give: '--active' } };
    const target = await fact('target');
    const places = isSeen(target) ? placesOf(target.value) : [];
    if (places.length === 0) return { active: { source, unasked: 'skipped', reason: 'no receiver has an address' } };
    return { active: { source, value: await sendAll(look, places) } };
  },
};

type To = { transport: 'grpc' | 'http'; place: Place };

/** A receiver that is switched off, or only assumed to be there, is nobody's to send to. */
const placesOf = ({ grpc, http }: TargetFact): To[] =>
  [
    { transport: 'grpc' as const, place: grpc },
    { transport: 'http' as const, place: http },
  ].filter((one): one is To => one.place !== null && one.place.off !== true && one.place.assumed !== true);

async function sendAll(look: Look, places: readonly To[]): Promise<ActiveLook> {
  const [{ newMark }, { payloads }] = await Promise.all([import('./marked/mark.ts'), import('./marked/payload.ts')]);
  const mark = newMark();
  const version = look.settings.version;
  const sends = places.flatMap(({ transport, place }, row) =>
    SIGNALS.map((signal, column) => {
      const body = payloads({ signal, protocol: 'http/protobuf', gzip: false, mark, version })(row * SIGNALS.length + column + 1);
      return transport === 'grpc' ? overGrpc(look, place, signal, body) : overHttp(look, place, signal, body);
    }),
  );
  return { run: mark.run, sends: await Promise.all(sends) };
}

const PROTOBUF = 'application/x-protobuf';

async function overHttp(look: Look, place: Place, signal: Signal, bytes: Buffer): Promise<ActiveSend> {
  const { judgeHttp } = await import('./marked/answer.ts');
  const url = new URL(
    `${place.tls === true ? 'https' : 'http'}://${bracketed(place.host)}:${place.port}${place.path ?? ''}${SIGNAL[signal].path}`,
  );
  const began = performance.now();
  const reply = await look.ask({ url, body: { type: PROTOBUF, bytes }, alone: true });
  const about = { signal, transport: 'http' as const, where: url.href, ms: Math.round(performance.now() - began) };
  if ('failure' in reply) return { ...about, ok: false, code: reply.failure, said: reply.detail, peculiar: [] };
  const { status, contentType = '', text } = reply.value as Reply;
  const { ok, code, said, peculiar } = judgeHttp(
    { status, contentType, body: Buffer.from(text) },
    { signal, protocol: 'http/protobuf', gzip: false },
  );
  return { ...about, ok, code, said, peculiar: [...peculiar] };
}

/** Canonical codes that an OTLP receiver says. Source: google.rpc.Code. */
const CODES: Readonly<Record<number, string>> = {
  0: 'OK',
  3: 'INVALID_ARGUMENT',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  12: 'UNIMPLEMENTED',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

async function overGrpc(look: Look, place: Place, signal: Signal, bytes: Buffer): Promise<ActiveSend> {
  const { partialOf } = await import('./marked/answer.ts');
  const began = performance.now();
  look.count();
  const connection = openGrpc(place, { deadlineMs: look.deadlineMs, signal: look.signal, ...(place.tls === true && { tls: true }) });
  try {
    const path = `/${SIGNAL[signal].service}/Export`;
    const answer = await connection.call(path, bytes);
    const about = {
      signal,
      transport: 'grpc' as const,
      where: `${joinAddress(place)}${path}`,
      ms: Math.round(performance.now() - began),
      peculiar: [],
    };
    if ('failure' in answer) return { ...about, ok: false, code: answer.failure, said: answer.detail };
    const { status, message, messages, httpStatus } = answer;
    if (status === null) return { ...about, ok: false, code: `HTTP ${httpStatus}`, said: 'an answer that is no gRPC' };
    const partial = status === 0 ? partialOf(signal, messages[0] ?? Buffer.alloc(0), false) : undefined;
    const said = partial === undefined ? message : `${partial.rejected} ${SIGNAL[signal].items} rejected: ${partial.message}`;
    return { ...about, ok: status === 0 && partial === undefined, code: CODES[status] ?? `gRPC status ${status}`, said };
  } finally {
    connection.close();
  }
}

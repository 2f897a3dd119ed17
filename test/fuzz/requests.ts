import { gzipSync } from 'node:zlib';
import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { asJson, encoded, filled, fullRequest, one, requestType } from '../bridge/intake/samples.ts';

/** One request to send. `may`: whether it can be right to answer 200; what is broken for certain must be refused. */
export type FuzzRequest = {
  kind: string;
  signal: Signal;
  transport: 'http' | 'grpc';
  type: string;
  encoding: string;
  body: Buffer;
  may: 'succeed' | 'fail' | 'either';
};

export type Pick = (below: number) => number;

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

const bytes = (pick: Pick, length: number): Buffer => Buffer.from(Array.from({ length }, () => pick(256)));

function mutated(pick: Pick, body: Buffer): Buffer {
  const copy = Buffer.from(body);
  for (let times = 1 + pick(4); times > 0 && copy.length > 0; times--) copy[pick(copy.length)] = pick(256);
  return copy;
}

const valid = (pick: Pick, signal: Signal): Buffer =>
  [one(signal), fullRequest(signal, pick(50)), encoded(signal, filled(requestType(signal), 6, pick))][pick(3)]!;

const other = (signal: Signal): Signal => SIGNALS[(SIGNALS.indexOf(signal) + 1) % SIGNALS.length]!;

/** What is made of a signal: body, whether it may be taken, and how it says it is encoded. */
type Made = { body: Buffer; may: FuzzRequest['may']; type?: string; encoding?: string };

const KINDS: Readonly<Record<string, (pick: Pick, signal: Signal) => Made>> = {
  valid: (pick, signal) => ({ body: valid(pick, signal), may: 'succeed' }),
  'valid JSON': (pick, signal) => ({ body: Buffer.from(asJson(signal, valid(pick, signal))), may: 'succeed', type: JSON_TYPE }),
  'valid gzip': (pick, signal) => ({ body: gzipSync(valid(pick, signal), { level: 1 }), may: 'succeed', encoding: 'gzip' }),
  'random bytes': (pick) => ({ body: bytes(pick, pick(200)), may: 'either' }),
  'wire type 7': (pick) => ({ body: Buffer.concat([Buffer.of(0x0f), bytes(pick, pick(50))]), may: 'fail' }),
  'mutated bytes': (pick, signal) => ({ body: mutated(pick, valid(pick, signal)), may: 'either' }),
  'cut bytes': (pick, signal) => {
    const whole = one(signal);
    return { body: whole.subarray(0, 1 + pick(whole.length - 1)), may: 'fail' };
  },
  'mutated JSON': (pick, signal) => ({
    body: mutated(pick, Buffer.from(asJson(signal, valid(pick, signal)))),
    may: 'either',
    type: JSON_TYPE,
  }),
  'cut JSON': (pick, signal) => {
    const whole = Buffer.from(asJson(signal, one(signal)));
    return { body: whole.subarray(0, pick(whole.length)), may: 'fail', type: JSON_TYPE };
  },
  'deep JSON': (pick) => {
    const depth = 50 + pick(3000);
    return { body: Buffer.from(`${'{"a":['.repeat(depth)}${']}'.repeat(depth)}`), may: 'either', type: JSON_TYPE };
  },
  'another signal': (_pick, signal) => ({ body: one(other(signal)), may: 'either' }),
  'JSON as protobuf': (_pick, signal) => ({ body: Buffer.from(asJson(signal, one(signal))), may: 'fail' }),
  'protobuf as JSON': (_pick, signal) => ({ body: one(signal), may: 'fail', type: JSON_TYPE }),
  'gzip garbage': (pick) => ({
    body: Buffer.concat([Buffer.from('1f8b08', 'hex'), bytes(pick, 20 + pick(80))]),
    may: 'fail',
    encoding: 'gzip',
  }),
  'cut gzip': (pick, signal) => {
    const whole = gzipSync(one(signal), { level: 1 });
    return { body: whole.subarray(0, 1 + pick(whole.length - 1)), may: 'fail', encoding: 'gzip' };
  },
  'gzip bomb': (pick) => ({ body: gzipSync(Buffer.alloc(300_000 + pick(700_000)), { level: 1 }), may: 'fail', encoding: 'gzip' }),
  'too large': (pick) => ({ body: Buffer.alloc(260_000 + pick(1000)), may: 'fail' }),
  'another encoding': (pick, signal) => ({ body: one(signal), may: 'fail', encoding: ['br', 'zstd', 'snappy', 'gzip, gzip'][pick(4)]! }),
  'another type': (pick, signal) => ({
    body: one(signal),
    may: 'fail',
    type: ['text/plain', '', 'application/grpc', 'multipart/form-data'][pick(4)]!,
  }),
};
const NAMES = Object.keys(KINDS);
/** gRPC has no type to be wrong about, and no JSON. */
const HTTP_ONLY = new Set(['valid JSON', 'mutated JSON', 'cut JSON', 'deep JSON', 'protobuf as JSON', 'another type']);
/** Largest request, for what makes the "too large" ones. */
export const FUZZ_LIMIT = 256_000;

export function fuzzRequest(pick: Pick): FuzzRequest {
  const kind = NAMES[pick(NAMES.length)]!;
  const signal = SIGNALS[pick(SIGNALS.length)]!;
  const transport = HTTP_ONLY.has(kind) || pick(2) === 0 ? 'http' : 'grpc';
  const { body, may, type = PROTOBUF, encoding = 'identity' } = KINDS[kind]!(pick, signal);
  return { kind, signal, transport, type, encoding, body, may };
}

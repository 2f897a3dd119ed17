/** What is wrong with a JSON value as a value of a protobuf type, or null. Source: protobuf's JSON mapping with OTLP's deviations. */
type Fault = string | null;

export const OUT_OF_RANGE = 'out of range';

const INTEGER = /^-?\d{1,20}$/;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const ZEROES = /^0*$/;
const HEX = /^[0-9a-fA-F]*$/;
const NOT_NUMBERS = new Set(['NaN', 'Infinity', '-Infinity']);

export const kindOfJson = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;

/** Integers come as numbers or as decimal strings: 64 bits do not fit a JSON number. */
function integer(least: bigint, most: bigint): (value: unknown) => Fault {
  const [low, high] = [Number(least), Number(most)];
  return (value) => {
    if (typeof value === 'number') {
      if (!Number.isInteger(value)) return `${value} is not an integer`;
      const inRange = Number.isSafeInteger(value) ? value >= low && value <= high : BigInt(value) >= least && BigInt(value) <= most;
      return inRange ? null : OUT_OF_RANGE;
    }
    if (typeof value !== 'string') return `${kindOfJson(value)} where an integer belongs`;
    if (!INTEGER.test(value)) return 'the string is not a decimal integer';
    const exact = BigInt(value);
    return exact >= least && exact <= most ? null : OUT_OF_RANGE;
  };
}

function double(value: unknown): Fault {
  if (typeof value === 'number') return Number.isFinite(value) ? null : OUT_OF_RANGE;
  if (typeof value !== 'string') return `${kindOfJson(value)} where a number belongs`;
  return NOT_NUMBERS.has(value) || NUMBER.test(value) ? null : 'the string is not a number';
}

function text(value: unknown): Fault {
  if (typeof value !== 'string') return `${kindOfJson(value)} where a string belongs`;
  return value.isWellFormed() ? null : 'half a surrogate pair is no text';
}

function bytes(value: unknown): Fault {
  if (typeof value !== 'string') return `${kindOfJson(value)} where base64 belongs`;
  return BASE64.test(value) && value.replace(/=+$/, '').length % 4 !== 1 ? null : 'not base64';
}

const int32 = integer(-(2n ** 31n), 2n ** 31n - 1n);
const uint32 = integer(0n, 2n ** 32n - 1n);
const int64 = integer(-(2n ** 63n), 2n ** 63n - 1n);
const uint64 = integer(0n, 2n ** 64n - 1n);

/** By protobuf type; enums and ids need their field and stand below. */
export const JSON_VALUE: Readonly<Record<string, (value: unknown) => Fault>> = {
  int32,
  sint32: int32,
  sfixed32: int32,
  uint32,
  fixed32: uint32,
  int64,
  sint64: int64,
  sfixed64: int64,
  uint64,
  fixed64: uint64,
  double,
  float: double,
  string: text,
  bytes,
  bool: (value) => (typeof value === 'boolean' ? null : `${kindOfJson(value)} where true or false belongs`),
};

/** OTLP/JSON writes enums as integers; names are read too, as the Collector does. */
export function faultOfEnum(value: unknown, values: Readonly<Record<string, number>>): Fault {
  if (typeof value !== 'string') return int32(value);
  return Object.hasOwn(values, value) ? null : 'no such name in the enum';
}

/** OTLP/JSON deviates from protobuf's mapping here: ids are hex, in either case, not base64. */
export function faultOfId(value: unknown, bytesLong: number, mayBeEmpty: boolean): Fault {
  if (typeof value !== 'string') return `${kindOfJson(value)} where a hex string belongs`;
  if (value === '' && mayBeEmpty) return null;
  if (value.length !== bytesLong * 2) return `${value.length} characters long, not ${bytesLong * 2} hex digits`;
  if (!HEX.test(value)) return 'not hex';
  return !mayBeEmpty && ZEROES.test(value) ? 'all zeroes, which is no id' : null;
}

import { isUtf8 } from 'node:buffer';
import { ACTION, type Shape } from './shape.ts';

// Bindings of this module, because the walk is measurably slower when it looks them up in an object.
const {
  other: OTHER,
  fixed64: FIXED64,
  fixed32: FIXED32,
  text: TEXT,
  bytes: BYTES,
  message: MESSAGE,
  id: ID,
  varints: VARINTS,
  fixed64s: FIXED64S,
} = ACTION;

/** Deeper than this nobody nests on purpose: the limit that protobuf's own parsers have. */
export const MAX_DEPTH = 100;

/** Below this a loop over the bytes is quicker than a call into the runtime. */
const SHORT_TEXT = 64;

const WIRE_NAME = [
  'a varint',
  '8 bytes',
  'a length and bytes',
  'the start of a group',
  'the end of a group',
  '4 bytes',
  'type 6',
  'type 7',
] as const;

/** What the walk has found so far. `at` is where the last number that was read ends. */
type Walk = { at: number; items: number; fault: string | null };

/** How many items (spans, data points, log records) a well-formed request holds, or what is wrong with it: one phrase, no text of the sender's in it. */
export type Judgement = { items: number } | { fault: string };

/**
 * Walks a whole protobuf message against its shape without decoding or copying anything: framing, lengths, wire types of every known field
 * at every depth, ids, UTF-8. Unknown fields are passed over. Counts what the request holds many of.
 */
export function walkWire(body: Buffer, shape: Shape): Judgement {
  const walk: Walk = { at: 0, items: 0, fault: null };
  return message(walk, body, 0, body.length, shape, 0) ? { items: walk.items } : { fault: walk.fault ?? 'not a protobuf message' };
}

function fail(walk: Walk, shape: Shape, number: number, at: number, why: string): false {
  const field = shape.fields[number];
  walk.fault = `${shape.name}${field ? `.${field.name}` : number > 0 ? ` field ${number}` : ''} at byte ${at}: ${why}`;
  return false;
}

/** A varint of at most 32 bits, as tags and lengths are; -1 when it is cut, longer or larger. Leaves `walk.at` behind it. */
function number32(walk: Walk, body: Buffer, from: number, end: number): number {
  let value = 0;
  const last = Math.min(from + 5, end);
  for (let at = from, unit = 1; at < last; at++, unit *= 128) {
    const byte = body[at]!;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) {
      walk.at = at + 1;
      return value <= 0xffffffff ? value : -1;
    }
  }
  return -1;
}

/** Position behind the varint that begins at `at`, or -1: cut, or longer than ten bytes. */
function behindVarint(body: Buffer, at: number, end: number): number {
  const last = Math.min(at + 10, end);
  while (at < last) if (body[at++]! < 0x80) return at;
  return -1;
}

function isText(body: Buffer, from: number, to: number): boolean {
  if (to - from <= SHORT_TEXT) {
    let bits = 0;
    for (let at = from; at < to; at++) bits |= body[at]!;
    if (bits < 0x80) return true;
  }
  return isUtf8(body.subarray(from, to));
}

/** An id of zeroes alone is invalid. Source: trace.proto, Span.trace_id and Span.span_id. */
function isZero(body: Buffer, at: number, to: number): boolean {
  while (at < to && body[at] === 0) at++;
  return at === to;
}

/** Whether the bytes of a packed list are whole varints. */
function areVarints(body: Buffer, at: number, to: number): boolean {
  while (at < to) {
    at = behindVarint(body, at, to);
    if (at < 0) return false;
  }
  return true;
}

/** Passes over a group of unknown fields, whatever is in it. Gives the position behind its end, or -1. */
function behindGroup(walk: Walk, body: Buffer, at: number, end: number, group: number, depth: number): number {
  while (depth < MAX_DEPTH && at < end) {
    const tag = number32(walk, body, at, end);
    const number = Math.floor(tag / 8);
    if (tag < 0 || number === 0) return -1;
    if ((tag & 7) === 4) return number === group ? walk.at : -1;
    at = behindUnknown(walk, body, walk.at, end, tag, depth + 1);
    if (at < 0) return -1;
  }
  return -1;
}

function behindUnknown(walk: Walk, body: Buffer, at: number, end: number, tag: number, depth: number): number {
  let stop = -1;
  switch (tag & 7) {
    case 0:
      return behindVarint(body, at, end);
    case 1:
      stop = at + 8;
      break;
    case 2: {
      const length = number32(walk, body, at, end);
      stop = length < 0 ? -1 : walk.at + length;
      break;
    }
    case 3:
      return behindGroup(walk, body, at, end, Math.floor(tag / 8), depth);
    case 5:
      stop = at + 4;
      break;
  }
  return stop <= end ? stop : -1;
}

/** What is wrong with the bytes from..to as a packed list of numbers; null when nothing is. */
function faultOfList(body: Buffer, from: number, to: number, action: number): string | null {
  if (action === VARINTS) return areVarints(body, from, to) ? null : 'the packed list is cut';
  const width = action === FIXED64S ? 8 : 4;
  return (to - from) % width === 0 ? null : `the packed list is ${to - from} bytes long, not a multiple of ${width}`;
}

/** A field that is not of this message is passed over; one that is, with a foreign wire type, is a fault. Gives the position behind it, or -1. */
function behindOther(walk: Walk, body: Buffer, start: number, at: number, end: number, shape: Shape, tag: number, depth: number): number {
  const number = Math.floor(tag / 8);
  const wire = tag & 7;
  const field = shape.fields[number];
  if (number === 0) fail(walk, shape, 0, start, 'field number 0 does not exist');
  else if (field)
    fail(walk, shape, number, start, `${WIRE_NAME[wire]!} on the wire, the schema has ${field.repeated ? 'a list of ' : ''}${field.type}`);
  else if (wire === 4 || wire > 5) fail(walk, shape, number, start, `${WIRE_NAME[wire]!} begins no field`);
  else {
    const behind = behindUnknown(walk, body, at, end, tag, depth);
    if (behind >= 0) return behind;
    fail(walk, shape, number, start, 'the value is cut, too long or nested too deep');
  }
  return -1;
}

function message(walk: Walk, body: Buffer, from: number, end: number, shape: Shape, depth: number): boolean {
  if (depth > MAX_DEPTH) return fail(walk, shape, 0, from, `nested deeper than ${MAX_DEPTH} messages`);
  walk.items += shape.item;
  const { actions } = shape;
  let seen = 0;
  let at = from;
  while (at < end) {
    const start = at;
    let tag = body[at]!;
    if (tag < 0x80) at++;
    else {
      tag = number32(walk, body, at, end);
      if (tag < 0) return fail(walk, shape, 0, start, 'the field number is cut or larger than 536870911');
      at = walk.at;
    }
    const action = tag < actions.length ? actions[tag]! : OTHER;

    if (action < TEXT) {
      if (action === FIXED64) at += 8;
      else if (action === FIXED32) at += 4;
      else if (action === OTHER) {
        at = behindOther(walk, body, start, at, end, shape, tag, depth);
        if (at < 0) return false;
      } else if (at < end && body[at]! < 0x80) at++;
      else {
        at = behindVarint(body, at, end);
        if (at < 0) return fail(walk, shape, tag >>> 3, start, 'the varint is cut or longer than 10 bytes');
      }
      if (at > end) return fail(walk, shape, tag >>> 3, start, 'the value is cut');
      continue;
    }

    let length = at < end ? body[at]! : 0xff;
    if (length < 0x80) at++;
    else {
      length = number32(walk, body, at, end);
      if (length < 0) return fail(walk, shape, tag >>> 3, start, 'the length is cut or larger than 4294967295');
      at = walk.at;
    }
    const stop = at + length;
    if (stop > end) return fail(walk, shape, tag >>> 3, start, `${length} bytes announced, ${end - at} left`);
    if (action === MESSAGE) {
      if (!message(walk, body, at, stop, shape.shapes[tag >>> 3]!, depth + 1)) return false;
    } else if (action === TEXT) {
      if (!isText(body, at, stop)) return fail(walk, shape, tag >>> 3, start, 'not UTF-8');
    } else if (action === ID) {
      const { idBytes, idMayBeEmpty } = shape.fields[tag >>> 3]!;
      if (length !== idBytes && !(length === 0 && idMayBeEmpty))
        return fail(walk, shape, tag >>> 3, start, `${length} bytes long, not ${idBytes}`);
      if (!idMayBeEmpty && isZero(body, at, stop)) return fail(walk, shape, tag >>> 3, start, 'all zeroes, which is no id');
      seen |= 1 << (tag >>> 3);
    } else if (action !== BYTES) {
      const fault = faultOfList(body, at, stop, action);
      if (fault !== null) return fail(walk, shape, tag >>> 3, start, fault);
    }
    at = stop;
  }
  if ((seen & shape.required) !== shape.required) return fail(walk, shape, 0, from, `${missing(shape, seen)} missing`);
  return true;
}

const missing = (shape: Shape, seen: number): string =>
  shape.mustHave
    .filter((field) => ((seen >> shape.fields.indexOf(field)) & 1) === 0)
    .map((field) => field.name)
    .join(' and ');

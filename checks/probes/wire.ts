/** The protobuf wire format, as far as reflection needs it: length-delimited fields and varints. Reading by hand spares doctor the protobufjs load. */
export type WireField = { number: number; value: Uint8Array | bigint };

/** A string or bytes field. */
export function lengthDelimited(number: number, value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** The fields of a message in their order. Throws RangeError on bytes that are no message. */
export function fieldsOf(message: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('not a protobuf message: a number does not end');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.length) throw new RangeError('not a protobuf message: a field is longer than the message');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(readVarint());
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 0) fields.push({ number, value: readVarint() });
    else if (type === 1) fields.push({ number, value: take(8) });
    else if (type === 2) fields.push({ number, value: take(Number(readVarint())) });
    else if (type === 5) fields.push({ number, value: take(4) });
    else throw new RangeError(`not a protobuf message: wire type ${type}`);
  }
  return fields;
}

/** All values of a bytes or message field. */
export const bytesOf = (fields: readonly WireField[], number: number): Uint8Array[] =>
  fields.flatMap((field) => (field.number === number && field.value instanceof Uint8Array ? [field.value] : []));

/** All values of a string field. */
export const textsOf = (fields: readonly WireField[], number: number): string[] =>
  bytesOf(fields, number).map((bytes) => Buffer.from(bytes).toString('utf8'));

/** The last value of a number field; 0 when absent, as proto3 has it. */
export const numberOf = (fields: readonly WireField[], number: number): number =>
  Number(fields.findLast((field) => field.number === number && typeof field.value === 'bigint')?.value ?? 0n);

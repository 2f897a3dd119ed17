import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32C } from '../../../../bridge/sinks/kafka/crc32c.ts';

const checksum = crc32C();

/** Source: RFC 3720 (iSCSI), B.4, and the check value of the catalogue of parametrised CRC algorithms, CRC-32/ISCSI. */
const KNOWN: readonly [string, Buffer, number][] = [
  ['nothing', Buffer.alloc(0), 0],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 bytes that rise', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
  ['32 bytes that fall', Buffer.from(Array.from({ length: 32 }, (_, at) => 31 - at)), 0x113fdb5c],
];
for (const [what, bytes, expected] of KNOWN)
  test(`CRC-32C of ${what}`, () => {
    assert.equal(checksum(bytes).toString(16), expected.toString(16));
  });

/** Bit by bit, as the polynomial is defined. */
function slowly(bytes: Buffer): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

test('of any bytes, wherever they begin and end, as the definition has it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(checksum(Buffer.from(bytes)), slowly(Buffer.from(bytes)));
    }),
  );
});

test('across the chunks in which it goes through memory', () => {
  for (const length of [65_535, 65_536, 65_537, 200_003]) {
    const bytes = Buffer.from(Array.from({ length }, (_, at) => (at * 31) & 0xff));
    assert.equal(checksum(bytes), slowly(bytes), `${length} bytes`);
  }
});

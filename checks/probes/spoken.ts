import type { Spoke } from '../facts/index.ts';

/** RFC 8446, 5.1: alert and handshake records, whose version begins with 3. */
const TLS_RECORDS = [0x15, 0x16];
/** RFC 9113, 6: a server begins with SETTINGS; one that refuses at once may send GOAWAY. Both belong to stream 0. */
const HTTP2_FIRST_FRAMES = [0x04, 0x07];
const HTTP2_HEADER_BYTES = 9;

/** What the first bytes of an answer are; `other` also for too few of them. */
export function spoken(bytes: Uint8Array): Exclude<Spoke, 'closed' | 'silence'> {
  if (TLS_RECORDS.includes(bytes[0] ?? 0) && bytes[1] === 3) return 'tls';
  if (isHttp2(bytes)) return 'http2';
  return Buffer.from(bytes.subarray(0, 7)).toString('latin1') === 'HTTP/1.' ? 'http1' : 'other';
}

function isHttp2(bytes: Uint8Array): boolean {
  if (bytes.length < HTTP2_HEADER_BYTES || !HTTP2_FIRST_FRAMES.includes(bytes[3]!)) return false;
  const stream = bytes.subarray(5, HTTP2_HEADER_BYTES);
  // RFC 9113, 4.2: a frame is at most 16,384 bytes until we allow more, so its length begins with a zero byte.
  return bytes[0] === 0 && stream.every((byte) => byte === 0);
}

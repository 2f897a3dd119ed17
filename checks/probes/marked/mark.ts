import { randomBytes } from 'node:crypto';

/** What a test message of ours is known by, wherever it ends: `otlpctl-send-RUN-NUMBER`, letters, digits and dashes in every form of record. */
export type Mark = { run: string; idOf(number: number): string; numbersIn(record: Buffer): number[] };

const RUN_BYTES = 6;
/** Always as many, for what follows in a record may be a digit: the tag of a log record's attributes is the byte of a 2. */
const DIGITS = 7;

export function newMark(run = randomBytes(RUN_BYTES).toString('hex')): Mark {
  const prefix = `otlpctl-send-${run}-`;
  const wanted = new RegExp(`${prefix}(\\d{${DIGITS}})`, 'g');
  const read = (text: string): number[] => [...new Set([...text.matchAll(wanted)].map(([, number]) => Number(number)))];
  return {
    run,
    idOf: (number) => `${prefix}${String(number).padStart(DIGITS, '0')}`,
    numbersIn(record) {
      const text = record.toString('latin1');
      const plain = read(text);
      return plain.length > 0 ? plain : read(unpacked(text));
    },
  };
}

/** Source: connector-facts, "Receiving": its protobuf records are base64 text, which a converter may put into quotes or an envelope. */
function unpacked(text: string): string {
  const packed = /[A-Za-z0-9+/]{64,}={0,2}/.exec(text.replaceAll('\\/', '/'))?.[0];
  return packed === undefined ? '' : Buffer.from(packed, 'base64').toString('latin1');
}

import { readFileSync } from 'node:fs';
import { packageFile } from '../../proto/package-root.ts';

/** Lines that scan gives, by log-scan.as: what each number of a record means stands there. */
export type LogScan = {
  /** all of the module's memory: the addresses in records are places in it */
  bytes: Buffer;
  records: Uint32Array;
  /** addresses of the two rooms for pieces of a log, bytes of each, and bytes before each for a line that a piece begins within */
  rooms: readonly [number, number];
  roomBytes: number;
  bytesBefore: number;
  kinds: Readonly<Record<Kind, number>>;
  slots: number;
  /** gives the number of records; `stopped` is where it ended */
  scan: (start: number, end: number, isOpen: boolean, hasBegun: boolean) => number;
  stopped: { value: number };
  /** lines with the context that stands there are of no interest from now on */
  disregard: (start: number, end: number) => void;
};

type Kind = (typeof KINDS)[number];
const KINDS = ['NONE', 'FRAMES', 'TEXT', 'OTHER', 'KIND', 'MARKED', 'USUAL', 'REPEATED', 'ALIKE', 'SAME_HOUR'] as const;
type Constant = Kind | 'MARKS_LENGTH' | 'RECORDS' | 'SLOTS' | 'BEFORE' | 'ROOM' | 'FIRST_ROOM' | 'SECOND_ROOM' | 'stopped';
type Exports = Readonly<Record<Constant, { value: number }>> & {
  memory: { buffer: ArrayBuffer };
  learn: (at: number, length: number) => void;
  scan: LogScan['scan'];
  disregard: LogScan['disregard'];
};
/** As much of it as is used here: its types come with those of the browser. */
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };

/** What eight bytes in every twelve are sure to meet. */
const SHORTEST = 19;

/** A scan that looks for these marks. */
export function createLogScan(marks: readonly string[]): LogScan {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(packageFile('checks/probes/log-scan.wasm'))));
  const { memory, learn, scan, stopped, disregard, ...constants } = exports as Exports;
  if (Buffer.byteLength(marks.join('')) > constants.MARKS_LENGTH.value)
    throw new Error('the marks are longer than log-scan.as has room for');
  const bytes = Buffer.from(memory.buffer);
  const [first, second] = [constants.FIRST_ROOM.value, constants.SECOND_ROOM.value];
  for (const mark of marks) {
    const length = bytes.write(mark, first);
    if (length < SHORTEST) throw new Error(`"${mark}" is too short to be looked for in this way`);
    learn(first, length);
  }
  return {
    bytes,
    records: new Uint32Array(memory.buffer, constants.RECORDS.value),
    rooms: [first, second],
    roomBytes: constants.ROOM.value,
    bytesBefore: constants.BEFORE.value,
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, constants[kind].value])) as LogScan['kinds'],
    slots: constants.SLOTS.value,
    scan,
    stopped,
    disregard,
  };
}

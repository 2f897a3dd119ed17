import type { LogReader } from './log.ts';
import { isForeign } from './log-lines.ts';
import type { LogHead } from './log-lines.ts';
import { MARKS } from './log-marks.ts';
import { createLogScan } from './log-scan.ts';

/**
 * Takes a log as bytes, in pieces of any size. `rooms`: where a piece may be put by turns, so that it need not be copied; any other may be used again
 * afterwards. `decoded`: lines that were made text of and read. `isCut`: it begins within a line.
 */
export type LogBytes = { rooms: readonly [Buffer, Buffer]; add(bytes: Buffer): void; end(): { decoded: number } };

const [NEWLINE, RETURN] = [0x0a, 0x0d];
/** `[2026-11-23 16` */
const HOUR_LENGTH = 14;

/**
 * The way from bytes to the reader for long logs. Of a million lines nearly all are of no interest: INFO and less, no event of the connector and none of the marks,
 * and frames of traces. These log-scan.as counts; of those that differ in their time and numbers alone the first is read; the reader sees the rest, and in the
 * end knows the same as if it had seen all.
 */
export function createLogBytes(reader: LogReader, { isCut = false } = {}): LogBytes {
  const logScan = createLogScan(MARKS.flatMap(({ any }) => any));
  const { bytes, records, rooms, roomBytes, bytesBefore, slots, scan, stopped } = logScan;
  const { NONE, FRAMES, TEXT, OTHER, KIND, MARKED, USUAL, REPEATED, ALIKE, SAME_HOUR } = logScan.kinds;
  /** What floods a log differs in its time alone, or in numbers too. By slot: the head of the line whose text the scan has there, and bytes behind its message. */
  const met: ({ head: LogHead; behind: number } | undefined)[] = Array.from({ length: slots });
  /** first millisecond of the hour of the last usual line */
  let hourAt = 0;
  /** the beginning of a line whose end has not come */
  const rest = Buffer.allocUnsafe(bytesBefore);
  let restLength = 0;
  let isSkipping = isCut;
  let decoded = 0;
  /** the last line passed over that begins an entry, should a mark stand in the trace below it: where it is, and what it is once its piece is gone */
  let from = 0;
  let to = 0;
  let passed: string | undefined;

  const textOf = (start: number, end: number): string => bytes.toString('utf8', start, end);
  const latin1Of = (start: number, end: number): string => bytes.toString('latin1', start, end);
  const roomAt = (index: 0 | 1): Buffer => bytes.subarray(rooms[index], rooms[index] + roomBytes);

  /** Lines that are all there, by their addresses. */
  function whole(start: number, end: number): void {
    for (let at = start; at < end; at = stopped.value) {
      const most = 8 * scan(at, end, reader.isOpen(), reader.hasBegun());
      for (let index = 0; index < most; index += 8) {
        const count = records[index + 4]!;
        if (count > 0) reader.pass(count);
        if (records[index + 5]! > 0) pass(records[index + 5]!, records[index + 6]!);
        take(records[index]!, records[index + 1]!, records[index + 2]!, records[index + 3]!, records[index + 7]!);
      }
    }
    if (from === 0) return;
    passed = textOf(from, to);
    from = 0;
    reader.stamp(passed);
  }

  /** The entry before is over, and this one is of no interest. */
  function pass(start: number, end: number): void {
    reader.closeEntry();
    from = start;
    to = end;
  }

  /** The line of a record. */
  function take(flags: number, start: number, end: number, more: number, place: number): void {
    const kind = flags & KIND;
    if (kind === NONE) return;
    if (kind === FRAMES) return takeFrames(start, end, more);
    if (kind === TEXT) return takeText(start, end, (flags & MARKED) !== 0);
    const slot = place & 0xffff;
    if ((flags & (USUAL | SAME_HOUR)) === USUAL) hourAt = reader.hourOf(latin1Of(start, start + HOUR_LENGTH));
    if (
      kind === OTHER &&
      (flags & (MARKED | REPEATED | ALIKE)) === 0 &&
      more > 0 &&
      isOthers(start + (more & 0xffff), start + (more >>> 16))
    ) {
      if ((flags & USUAL) !== 0) met[slot] = undefined;
      reader.pass(1);
      return pass(start, end);
    }
    const before = met[slot];
    const message = start + (place >>> 16);
    if (before !== undefined && (flags & REPEATED) !== 0) reader.again(before.head, hourAt + more);
    else if (before !== undefined && (flags & ALIKE) !== 0 && before.behind >= 0)
      reader.again({ ...before.head, message: textOf(message, end - before.behind) }, hourAt + more);
    else {
      const head = read(start, end, (flags & (MARKED | REPEATED | ALIKE)) !== 0);
      if ((flags & (USUAL | ALIKE)) === USUAL)
        met[slot] = head?.logger === undefined ? undefined : { head, behind: behindOf(head, message, end) };
      // It only looked like one that begins an entry.
      if (head === undefined) return;
    }
    from = 0;
    passed = undefined;
  }

  /** Bytes of a line behind its message; -1 where that is not an event that begins where the scan says. */
  function behindOf(head: LogHead, message: number, end: number): number {
    const behind = end - message - Buffer.byteLength(head.message);
    return head.event !== undefined && behind >= 0 && textOf(message, end - behind) === head.message ? behind : -1;
  }

  function takeFrames(start: number, end: number, lines: number): void {
    if (!reader.wantsLogger()) return reader.pass(lines);
    for (let at = start; at < end;) {
      const next = at + bytes.subarray(at, end).indexOf(NEWLINE);
      const behind = next < at ? end : next;
      if (reader.wantsLogger()) read(at, behind, false);
      else reader.pass(1);
      at = behind + 1;
    }
  }

  function takeText(start: number, end: number, isMarked: boolean): void {
    if (!reader.isOpen()) {
      if (isForeign(latin1Of(start, Math.min(end, start + 40)))) return takeForeign(start, end, isMarked);
      if (!isMarked) return reader.pass(1);
      const head = from === 0 ? passed : textOf(from, to);
      if (head !== undefined) reader.reopen(head);
    }
    read(start, end, isMarked);
  }

  /** An entry of another kind, by itself of no interest either; it may have the time of the line before. */
  function takeForeign(start: number, end: number, isMarked: boolean): void {
    if (from !== 0) reader.stamp(textOf(from, to));
    from = 0;
    passed = undefined;
    if (isMarked || !reader.hasBegun()) return void read(start, end, isMarked);
    reader.pass(1);
    pass(start, end);
  }

  /** A warning or an error of another connector, whose context says so; its events are read, for they tell that there is a neighbour. */
  function isOthers(start: number, end: number): boolean {
    if (!reader.hasBegun() || !reader.isOthers(textOf(start, end))) return false;
    logScan.disregard(start, end);
    return true;
  }

  function read(start: number, end: number, isMarked: boolean): LogHead | undefined {
    decoded += 1;
    return reader.line(textOf(start, end > start && bytes[end - 1] === RETURN ? end - 1 : end), !isMarked);
  }

  /** A piece of the log that lies in a room. */
  function through(piece: number, end: number): void {
    let start = piece;
    if (isSkipping) {
      const found = bytes.subarray(piece, end).indexOf(NEWLINE);
      if (found < 0) return;
      start += found + 1;
      isSkipping = false;
    }
    const last = start + bytes.subarray(start, end).lastIndexOf(NEWLINE) + 1;
    const first = start - restLength;
    rest.copy(bytes, first, 0, restLength);
    if (last > start) {
      whole(first, last);
      restLength = 0;
    }
    keep(last, end);
  }

  /** A log without line ends is no log: what is kept of it stays bounded. */
  function keep(start: number, end: number): void {
    const first = start - restLength;
    if (end - first < rest.length) {
      bytes.copy(rest, restLength, start, end);
      restLength = end - first;
      return;
    }
    whole(first, first + rest.length);
    [restLength, isSkipping] = [0, true];
  }

  return {
    rooms: [roomAt(0), roomAt(1)],
    add(piece) {
      if (piece.buffer === bytes.buffer) return through(piece.byteOffset, piece.byteOffset + piece.length);
      for (let at = 0; at < piece.length; at += roomBytes) through(rooms[0], rooms[0] + piece.copy(bytes, rooms[0], at, at + roomBytes));
    },
    end() {
      rest.copy(bytes, rooms[0], 0, restLength);
      whole(rooms[0], rooms[0] + restLength);
      restLength = 0;
      return { decoded };
    },
  };
}

import type { LogSeen } from '../../../checks/facts/index.ts';
import { createLogBytes } from '../../../checks/probes/log-bytes.ts';
import { utcHour } from '../../../checks/probes/log-lines.ts';
import { createLogReader, readLog } from '../../../checks/probes/log.ts';

/** Through the bytes, in pieces of that size, out of one buffer that is used again and again. */
export function readBytes(text: string, pieceLength: number, connector: string | null = 'otlp-source'): { log: LogSeen; decoded: number } {
  const reader = createLogReader(connector, 'connect.log', utcHour);
  const log = createLogBytes(reader);
  const [all, piece] = [Buffer.from(text), Buffer.alloc(pieceLength)];
  for (let at = 0; at < all.length; at += pieceLength) log.add(piece.subarray(0, all.copy(piece, 0, at, at + pieceLength)));
  const { decoded } = log.end();
  return { log: reader.end(), decoded };
}

/** The same line by line: what the way through the bytes is held against. */
export const byLines = (text: string, connector: string | null = 'otlp-source'): LogSeen =>
  readLog(text.replace(/\n$/, '').split('\n'), connector, 'connect.log', utcHour);

/** A line of no interest of the connector a. */
export const quiet = (n: number): string => `[2026-11-23 10:00:00,${String(n).padStart(3, '0')}] INFO [a|task-0] nothing to see (k.N:1)`;

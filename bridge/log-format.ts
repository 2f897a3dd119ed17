import type { LogLine } from './log.ts';

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** `2026-11-23 16:07:31,818`: log4j's default, in the time zone of the process. */
function timestamp(atMs: number): string {
  const at = new Date(atMs);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())},${pad(at.getMilliseconds(), 3)}`;
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const CONTROL_IN_TRACE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (character: string) => NAMED[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text from outside on one line: whoever names a connector cannot write lines of his own. */
export const oneLine = (text: string): string => text.replace(CONTROL, escaped);

/**
 * One line, and its trace below it, in the layout of Connect's own log:
 * `[timestamp] LEVEL [context] message (logger:0)`. There is no line of code to name, so 0.
 */
export function formatLogLine(line: LogLine, atMs: number): string {
  const context = line.context === undefined ? '' : `[${oneLine(line.context)}] `;
  const head = `[${timestamp(atMs)}] ${line.level} ${context}${oneLine(line.message)} (${line.logger}:0)\n`;
  if (line.trace === undefined || line.trace === '') return head;
  return `${head}${line.trace.replace(/\n$/, '').replace(CONTROL_IN_TRACE, escaped)}\n`;
}

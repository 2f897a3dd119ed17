import type { Json } from '../checks/facts/index.ts';
import { printable, redactJson, redactText } from '../checks/redact.ts';
import { appendLine } from './acting/audit-file.ts';
import { writeFolder } from './output-folder.ts';
import { writeKept, writeRecords } from './record-folder.ts';
import { writeWholeFile } from './whole-file.ts';

/** What a writer needs of a stream; process.stdout is one. */
export type Stream = { write(text: string): unknown; on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown };
export type Kind = 'text' | 'json';

/**
 * The one way out of the program. Secrets and terminal escapes end here, whoever let them in:
 * of escapes only the few colours that we set ourselves pass, and none where colour is off.
 */
export type Writer = {
  /** one whole output with its last newline; `json` for a JSON document */
  out(text: string, kind?: Kind): void;
  /** one document of JSON Lines */
  jsonLine(document: unknown): void;
  /** one whole output in the place of the one before, on a terminal */
  repaint(text: string): void;
  /** a line for a person beside the output */
  err(text: string): void;
  /** replaces the line on a terminal's stderr; empty: clears it */
  status(text: string): void;
  /** a question on stderr; the answer is typed behind it */
  prompt(text: string): void;
  /** one line of the audit record, on the disk when this returns */
  audit(file: string, event: unknown): void;
  /** a text into a file that only its owner reads */
  keep(file: string, text: string): void;
  /** a finished text into a file that a person names, whole or not at all; never over another unless `force` */
  file(path: string, text: string, force: boolean): void;
  /** the facts of a run into a folder, one record a connector */
  record(directory: string, records: readonly unknown[]): void;
  /** files of a plan by their names, all or none; without `force` never over others */
  files(directory: string, files: Readonly<Record<string, string>>, how: { force: boolean }): void;
};

const OUR_COLOURS = /(\u001b\[(?:1|2|22|3[1-6]|39)m)/;
const DANGEROUS_IN_JSON = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text as a terminal may have it. */
export function harmlessText(text: string, colour: boolean): string {
  const pieces = colour ? redactText(text).split(OUR_COLOURS) : [redactText(text)];
  return pieces.map((piece, index) => (index % 2 === 1 ? piece : printable(piece, { newlines: true }))).join('');
}

/** Redacted by its keys; JSON itself escapes the control characters below 0x20. */
const harmlessLine = (document: unknown, indent?: number): string =>
  JSON.stringify(redactJson(document as Json), null, indent).replace(DANGEROUS_IN_JSON, escaped);

/** A JSON document. */
export const harmlessJson = (document: unknown): string => `${harmlessLine(document, 2)}\n`;

const thrown = (error: Error): never => {
  throw error;
};

/** `lost`: told of output that could not be written, as on a full disk. */
export function createWriter({
  stdout,
  stderr,
  colour,
  lost = thrown,
}: {
  stdout: Stream;
  stderr: Stream;
  colour: boolean;
  lost?: (error: Error) => void;
}): Writer {
  // A reader that went away (`otlpctl … | head`) is no error of ours; the exit code stays what was seen.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') lost(error);
    });
  }
  return {
    out: (text, kind = 'text') => void stdout.write(kind === 'json' ? harmlessJson(JSON.parse(text)) : harmlessText(text, colour)),
    jsonLine: (document) => void stdout.write(`${harmlessLine(document)}\n`),
    // Home, and clear from there: the terminal keeps what was above.
    repaint: (text) => void stdout.write(`\u001b[H\u001b[J${harmlessText(text, colour)}`),
    err: (text) => void stderr.write(`${harmlessText(text, false)}\n`),
    status: (text) => void stderr.write(`\r\u001b[K${printable(text)}`),
    prompt: (text) => void stderr.write(harmlessText(text, false)),
    audit: (file, event) => appendLine(file, harmlessLine(event)),
    keep: (file, text) => writeKept(file, harmlessText(text, false)),
    file: (path, text, force) => writeWholeFile(path, harmlessText(text, false), force),
    record: (directory, records) => writeRecords(directory, records.map(harmlessJson)),
    files: (directory, files, how) =>
      writeFolder(directory, Object.fromEntries(Object.entries(files).map(([name, text]) => [name, harmlessText(text, false)])), how),
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditFile, readLines } from '../../../cli/acting/audit-file.ts';
import { eventOf, runsOf, type AuditEvent, type AuditRun } from '../../../cli/acting/audit.ts';
import { inProcess } from '../../doubles/in-process.ts';
import { otlpctl, type Ran } from '../../doubles/otlpctl.ts';

const folders: string[] = [];
process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A state folder of its own, gone when the test process ends. */
export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-state-'));
  folders.push(folder);
  return folder;
}

export const auditOf = (folder: string): AuditRun[] => runsOf(readLines(auditFile(folder)));
/** The events of the only run. */
export const eventsOf = (folder: string): AuditEvent['event'][] =>
  auditOf(folder).flatMap(({ events }) => events.map(({ event }) => event));

const at = (url: string, folder: string): string[] => ['--connect-url', url, '--state-dir', folder];

/** Runs an action against one Connect, with its record in `folder`. */
export const acting = (url: string, folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  inProcess([...args, ...at(url, folder)], { env });

/** The same as a process of its own. */
export const actingProcess = (url: string, folder: string, args: readonly string[]): Promise<Ran> => otlpctl([...args, ...at(url, folder)]);

export type Document = {
  outcome: string;
  sentence: string;
  run: string | null;
  requests: { method: string; url: string; body: string | null; status?: number | null; attempts?: number }[];
  plan: { title: string; costs: string[] };
};
export const documentOf = ({ stdout }: Ran): Document => JSON.parse(stdout) as Document;

export { eventOf };

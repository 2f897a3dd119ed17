import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../settings/bad-input.ts';
import { isObject } from '../is-object.ts';

export const WANTED_STATES = ['RUNNING', 'PAUSED', 'STOPPED'] as const;
export type Wanted = (typeof WANTED_STATES)[number];

/** A connector as it outlives the process. `tasked`: it has run since it was made, so it has a task even while paused. */
export type StoredConnector = {
  name: string;
  config: Record<string, string>;
  wanted: Wanted;
  tasked: boolean;
  topics: string[];
  offsets: StoredOffset[];
};
/** An offset of a source in Connect's form. Null as a partition is none, null as an offset takes it away. */
export type StoredOffset = { partition: Record<string, unknown> | null; offset: Record<string, unknown> | null };
export type Stored = { schemaVersion: 1; clusterId: string; connectors: StoredConnector[] };

const FILE = 'connectors.json';

const isText = (value: unknown): value is string => typeof value === 'string';
const isConfig = (value: unknown) => isObject(value) && Object.values(value).every(isText);
const isOffset = (value: unknown) => isObject(value) && isObject(value['partition']) && isObject(value['offset']);

function isConnector(value: unknown): value is StoredConnector {
  const { name, config, wanted, tasked, topics, offsets } = (value ?? {}) as Partial<StoredConnector>;
  return (
    isText(name) &&
    isConfig(config) &&
    WANTED_STATES.includes(wanted as Wanted) &&
    typeof tasked === 'boolean' &&
    Array.isArray(topics) &&
    topics.every(isText) &&
    (offsets === undefined || (Array.isArray(offsets) && offsets.every(isOffset)))
  );
}

/** Earlier versions kept none. */
const withOffsets = (stored: Stored): Stored => ({
  ...stored,
  connectors: stored.connectors.map((one) => ({ ...one, offsets: (one.offsets as StoredOffset[] | undefined) ?? [] })),
});

/** What the last bridge of this folder knew; null where there was none. A file that is damaged is left alone and named. */
export function loadStored(directory: string): Stored | null {
  const file = join(directory, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw badInput(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  let parsed: Partial<Stored> | null = null;
  try {
    parsed = JSON.parse(text) as Partial<Stored>;
  } catch {
    // judged below, with everything else that is not a state
  }
  if (parsed?.schemaVersion === 1 && isText(parsed.clusterId) && Array.isArray(parsed.connectors) && parsed.connectors.every(isConnector))
    return withOffsets(parsed as Stored);
  throw badInput(`${file} is damaged or of another version: move it away to begin anew, or give another bridge.state.dir`);
}

/** Written whole beside the old one, flushed to disk, then renamed over it: a crash leaves the old or the new, never half. */
export function saveStored(directory: string, stored: Stored): void {
  const file = join(directory, FILE);
  const draft = `${file}.${process.pid}`;
  try {
    const handle = openSync(draft, 'w', 0o600);
    try {
      writeFileSync(handle, `${JSON.stringify(stored, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { makeFolder } from './folder.ts';
import { badInput } from './settings/bad-input.ts';
import { lockFolder } from './state/lock.ts';
import { loadStored, saveStored, type StoredConnector } from './state/stored.ts';
import { systemWords } from './system-words.ts';

/** The folder of one bridge: what it knows of its connectors, kept over restarts, and the lock that makes it the only one. */
export type State = {
  readonly directory: string;
  /** no bridge has kept anything here before */
  readonly isNew: boolean;
  /** stands where Connect shows the id of its Kafka cluster */
  readonly clusterId: string;
  /** pid of a bridge that died holding this folder */
  readonly takenOver: number | null;
  readonly connectors: readonly StoredConnector[];
  save(connectors: readonly StoredConnector[]): void;
  release(): void;
};

function ownFolder(directory: string): void {
  try {
    makeFolder(directory);
  } catch (error) {
    throw badInput(`bridge.state.dir ${directory} cannot be made (${systemWords(error)}): give another one`);
  }
  const found = statSync(directory);
  if ((found.mode & 0o002) !== 0) throw badInput(`bridge.state.dir ${directory} may be written by everybody: give a folder of your own`);
}

/** Opens and locks the folder. Throws bad input: held by another bridge, damaged, not writable. */
export function openState(directory: string): State {
  ownFolder(directory);
  let lock: ReturnType<typeof lockFolder>;
  try {
    lock = lockFolder(directory);
  } catch (error) {
    if ((error as { code?: string }).code === 'bad-input') throw error;
    throw badInput(`bridge.state.dir ${directory} cannot be written (${systemWords(error)}): give another one`);
  }
  try {
    const stored = loadStored(directory);
    const clusterId = stored?.clusterId ?? randomBytes(16).toString('base64url');
    return {
      directory,
      isNew: stored === null,
      clusterId,
      takenOver: lock.takenOver,
      connectors: stored?.connectors ?? [],
      save: (connectors) => saveStored(directory, { schemaVersion: 1, clusterId, connectors: [...connectors] }),
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

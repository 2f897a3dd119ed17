import type { Log } from '../log.ts';
import type { State } from '../state.ts';
import { noteProduced, storedOf, type Connector } from './connector.ts';
import { connectError } from './errors.ts';
import { HERDER_LOGGER } from './events.ts';

export type Keeping = {
  /** Keeps a change before anything comes of it. One that cannot be kept is undone, and whoever asked for it is told. */
  change(undo: () => void): void;
  /** the same of a connector that is to go */
  without(connector: Connector): void;
  /** Keeps how things are by now. Where that fails it is said, and kept with the next change. */
  asItIs(): void;
};

/** Writes what is known of the connectors into the bridge's folder: a disk that is full must leave neither half a change nor a bridge without a task. */
export function keepIn(state: State, connectors: ReadonlyMap<string, Connector>, log: Log): Keeping {
  const save = (all: readonly Connector[]) => {
    for (const connector of all) noteProduced(connector);
    state.save(all.map(storedOf));
  };
  const refused = (error: unknown) =>
    connectError(500, `The change is not made, because it cannot be kept in ${state.directory}: ${(error as Error).message}`);
  return {
    change(undo) {
      try {
        save([...connectors.values()]);
      } catch (error) {
        undo();
        throw refused(error);
      }
    },
    without(gone) {
      try {
        save([...connectors.values()].filter((one) => one !== gone));
      } catch (error) {
        throw refused(error);
      }
    },
    asItIs() {
      try {
        save([...connectors.values()]);
      } catch (error) {
        log({ level: 'ERROR', message: `The connectors could not be kept: ${(error as Error).message}`, logger: HERDER_LOGGER });
      }
    },
  };
}

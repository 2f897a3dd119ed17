import type { CleanUps } from '../faults/clean-ups.ts';
import type { ConnectorOn } from '../stand/connector-on.ts';
import type { Stand } from '../stand/stand.ts';

/** A connector that serves on the stand, and what a fault does to it. What is changed beside it is undone by `after`. */
export type Scene = ConnectorOn & Pick<CleanUps, 'after'> & { stand: Stand };

/** `connector`: another one has the fault. `first`: what the remedy's sentence asks a person to do before it. `unable`: why it cannot be brought about here. */
export type Made = void | { connector?: ConnectorOn; first?: () => Promise<unknown>; unable?: string };

export type Row = {
  /** of the remedy that is tried, as `kindOf` says it */
  kind: string;
  /** keys of the connector from its start; `n` is another each time */
  config?: (n: number) => Record<string, string>;
  /** false: it never runs with these keys */
  runs?: false;
  /** true: two of them at a time would be in each other's way */
  alone?: true;
  /** Brings the fault about. */
  make(scene: Scene): Promise<Made>;
  /** options of doctor beside the target's */
  look?: (scene: Scene) => readonly string[];
  healed(connector: ConnectorOn): Promise<unknown>;
};

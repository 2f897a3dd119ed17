import type { Plan } from '../../checks/actions/plan.ts';
import type { World } from '../facts-of.ts';
import type { ReadOptions } from '../read-options.ts';
import type { RunTarget } from './audit.ts';
import type { ConnectClient } from './connect-client.ts';
import type { Journal } from './journal.ts';

/** What an action needs beside a look. */
export type ActingWorld = Omit<World, 'windowSeconds'> & {
  journal: Journal;
  /** shows the plan; true: go on. Not asked for a dry run */
  agree(plan: Plan, notes: readonly string[]): Promise<boolean>;
  say(line: string): void;
  /** keeps what belongs to a run beside its record: the file */
  keep(run: string, text: string): string;
  signal: AbortSignal;
};

export type ActingOptions = { dryRun: boolean; force: boolean; waitMs: number };

/** All that stands around a run. */
export type Around = { options: ReadOptions; acting: ActingOptions; world: ActingWorld; client: ConnectClient; target: RunTarget };

import { capital } from '../checks/derive/words.ts';
import { BaseCommand } from './base-command.ts';
import type { World } from './facts-of.ts';
import type { OptionName } from './options.ts';
import { startProgress } from './progress.ts';
import { readOptions, type ReadOptions } from './read-options.ts';
import type { RenderOptions } from './render/format.ts';
import { version } from './version.ts';

/** Seconds that rates are watched where a command judges them. Source: contract, "Targets". */
const WINDOW_SECONDS = 5;

/** A command that looks at a target: the options of the table, and progress on a terminal while it waits. */
export abstract class LookCommand extends BaseCommand {
  protected options(names: readonly OptionName[], flags: Record<string, unknown>): ReadOptions {
    return readOptions(names, flags, this.surroundings.env);
  }

  protected renderOptions(verbose = false): RenderOptions {
    return { columns: this.columns, colour: this.colour, verbosity: verbose ? 1 : 0 };
  }

  /** What was made for another program, printed or written where --output says; as JSON, stdout is what we say of it. */
  protected deliver(
    { output, force, format }: { output?: string | undefined; force?: boolean; format: string },
    { file, json, what }: { file: string; json: object; what: string },
  ): void {
    if (output !== undefined) this.writer.file(output, file, force ?? false);
    if (format === 'json') this.print(JSON.stringify({ schemaVersion: 1, output: output ?? null, ...json }), { kind: 'json' });
    else this.print(output === undefined ? file : `${capital(what)} written to ${output}.\n`);
  }

  /** Runs a look with what it needs of this process. */
  protected async looking<T>(look: (world: World) => Promise<T>, windowSeconds = WINDOW_SECONDS): Promise<T> {
    const { writer } = this;
    const { stdin, stderr, env } = this.surroundings;
    const progress = startProgress({
      isTTY: stderr.isTTY === true && env['TERM'] !== 'dumb',
      columns: stderr.columns,
      status: (text) => writer.status(text),
    });
    try {
      return await look({
        env,
        now: Date.now,
        version: version(),
        windowSeconds,
        onPending: progress.onPending,
        stdin: () => stdin,
      });
    } finally {
      progress.end();
    }
  }
}

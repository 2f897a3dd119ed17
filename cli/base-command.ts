import type { Readable } from 'node:stream';
import { Command, type Interfaces } from '@oclif/core';
import type { OverallStatus } from '../checks/report.ts';
import { badInput } from './bad-input.ts';
import { colourOn, columnsOf } from './terminal.ts';
import { exitCodeOf } from './exit-codes.ts';
import { flagsFor } from './option-flags.ts';
import { variableOf } from './options.ts';
import { createWriter, type Kind, type Stream, type Writer } from './writer.ts';

/** What a command has of its process, and leaves in it; the process itself, unless somebody puts another in its place. */
export type Surroundings = {
  stdout: Stream & { isTTY?: boolean; columns?: number };
  stderr: Stream & { isTTY?: boolean; columns?: number };
  stdin: Readable & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  exitCode?: number | string | null | undefined;
  /** told of signals */
  on(name: string, listener: () => void): unknown;
  off(name: string, listener: () => void): unknown;
};

type Output = Record<string, unknown>;

/**
 * What every command shares. A command declares `summary`, `examples` and `flags` (`...formatFlag('text', 'json')`, `...flagsFor('timeout')`),
 * parses itself with `await this.parse(Itself)`, and prints once with `this.print(text, …)`. It throws `badInput(sentence)` for what it cannot use;
 * cli/main.ts turns every error into one sentence (or the JSON of one) and exit code 3.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = flagsFor('no-color', 'debug');

  /** Set before it is run, where it is to be another than the process. */
  surroundings: Surroundings = process;
  protected colour = false;
  #writer: Writer | undefined;

  /** The one way to print, and to write a record. */
  protected get writer(): Writer {
    const { stdout, stderr } = this.surroundings;
    this.#writer ??= createWriter({ stdout, stderr, colour: this.colour });
    return this.#writer;
  }

  protected get columns(): number {
    return columnsOf(this.surroundings.stdout, this.surroundings.env);
  }

  /** One whole output; `kind: 'json'` for a JSON document. The status decides the exit code; a command that judges nothing is ok. */
  protected print(text: string, { status = 'ok', kind = 'text' }: { status?: OverallStatus; kind?: Kind } = {}): void {
    this.writer.out(text, kind);
    this.surroundings.exitCode = exitCodeOf(status);
  }

  /** As oclif's, and `flags.format` is there also when only its variable or nobody said it. */
  protected override async parse<F extends Output, B extends Output, A extends Output>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    const flags = parsed.flags as Record<string, unknown>;
    const formats = (this.ctor.flags?.['format'] as { options?: readonly string[] } | undefined)?.options;
    if (formats) flags['format'] ??= formatOf(this.surroundings.env[variableOf('format')], formats);
    this.colour = colourOn(this.surroundings.stdout, this.surroundings.env, flags['no-color'] === true);
    return parsed;
  }

  /** Every error goes up to cli/main.ts as it is; oclif would print it and set exit codes of its own. */
  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

function formatOf(variable: string | undefined, formats: readonly string[]): string | undefined {
  if (variable === undefined || variable === '') return formats[0];
  if (!formats.includes(variable))
    throw badInput(`${variableOf('format')} "${variable}" is not a format of this command (give ${formats.join(' or ')})`);
  return variable;
}

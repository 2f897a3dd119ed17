import { join } from 'node:path';
import { Flags } from '@oclif/core';
import type { ActionId, InputOf } from '../checks/actions/index.ts';
import type { Plan } from '../checks/actions/plan.ts';
import { redactText } from '../checks/redact.ts';
import { act, type Acted, type Prepare } from './acting/act.ts';
import type { ActingOptions, ActingWorld } from './acting/world.ts';
import { agrees } from './acting/confirm.ts';
import { openJournal } from './acting/journal.ts';
import { keptOptions } from './acting/kept-options.ts';
import { stateFolder } from './acting/state-folder.ts';
import { badInput } from './bad-input.ts';
import { ENDINGS, onSignals } from './endings.ts';
import { EXIT_OF_OUTCOME } from './exit-codes.ts';
import { LookCommand } from './look-command.ts';
import { flagsFor, formatFlag } from './option-flags.ts';
import { ACTION_OPTIONS, type OptionName } from './options.ts';
import type { ReadOptions } from './read-options.ts';
import { actedJson, actedText, planText, progressLine } from './render/action.ts';

/** oclif leaves a switch undefined that was not given, whatever its type says. */
export type ActionFlags = { yes?: boolean; 'dry-run'?: boolean; force?: boolean; format: 'text' | 'json' };

/** `static flags = { ...ACTION_FLAGS }`: of every command that changes something. */
export const ACTION_FLAGS = {
  yes: Flags.boolean({ char: 'y', summary: 'go on without asking' }),
  'dry-run': Flags.boolean({ summary: 'show the plan and send nothing' }),
  force: Flags.boolean({ summary: 'also where it cannot help, or was tried too often' }),
  ...flagsFor(...ACTION_OPTIONS),
  timeout: { ...flagsFor('timeout').timeout, summary: 'limit of the look before; for what comes after it there is --wait [10]' },
  ...formatFlag('text', 'json'),
};

/** Exit codes as every command that changes something has them, for its description. */
export const ACTION_EXITS = 'Exit code: 0 the promised state was seen, 2 it was not, 3 it could not be tried and nothing was sent.';

/** A command that changes something: the plan is shown, somebody agrees, it is carried out, watched and written down. */
export abstract class ActionCommand extends LookCommand {
  protected async act<Id extends ActionId>(
    id: Id,
    input: InputOf<Id> | Prepare<Id>,
    flags: ActionFlags & Record<string, unknown>,
    options = this.acting(flags),
  ): Promise<void> {
    this.show(await this.carry(id, input, flags, options), flags.format);
  }

  /** The same without telling how it ended. */
  protected async carry<Id extends ActionId>(
    id: Id,
    input: InputOf<Id> | Prepare<Id>,
    flags: ActionFlags & Record<string, unknown>,
    options = this.acting(flags),
  ): Promise<Acted> {
    return this.acted(flags, options, (acting, world) =>
      act(id, typeof input === 'function' ? (input as Prepare<Id>) : () => input, options, acting, world),
    );
  }

  /** Runs what changes something, with what it needs of this process: its record, somebody's word, and an ear for those who want it to end. */
  protected async acted(
    flags: ActionFlags & Record<string, unknown>,
    options: ReadOptions,
    work: (acting: ActingOptions, world: ActingWorld) => Promise<Acted>,
  ): Promise<Acted> {
    const { yes = false, 'dry-run': dryRun = false, force = false, format } = flags;
    if (!dryRun && !yes && !this.hasTerminal())
      throw badInput('this changes something, and there is no terminal to ask on: give --yes', '--dry-run shows the plan');
    const ending = new AbortController();
    const release = onSignals(this.surroundings, ENDINGS, () => ending.abort());
    const journal = this.#journal(options, flags, dryRun);
    try {
      return await this.looking((world) =>
        work(
          { dryRun, force, waitMs: (options.values.wait ?? 60) * 1000 },
          {
            ...world,
            journal,
            keep: (run, text) => this.#keep(options, run, text),
            signal: ending.signal,
            agree: (plan, notes) => this.#agree(plan, notes, flags, ending.signal),
            say: (line) => {
              this.#clear();
              if (format === 'text') this.writer.out(progressLine(line, new Date()));
            },
          },
        ),
      );
    } finally {
      release();
    }
  }

  /** Somebody can be asked. */
  protected hasTerminal(): boolean {
    const { stdin, stderr } = this.surroundings;
    return stdin.isTTY === true && stderr.isTTY === true;
  }

  /** The options that every action has, read. */
  protected acting(flags: Record<string, unknown>, more: readonly OptionName[] = []): ReadOptions {
    return this.options([...ACTION_OPTIONS, ...more], flags);
  }

  #journal({ values }: ReadOptions, flags: Record<string, unknown>, planOnly: boolean): ReturnType<typeof openJournal> {
    const { env } = this.surroundings;
    return openJournal(stateFolder(values['state-dir'], env), {
      command: redactText(['otlpctl', ...(this.id ?? '').split(':'), ...this.argv].join(' ')),
      planOnly,
      reason: values.reason ?? null,
      options: keptOptions(flags, env),
      now: Date.now,
      env,
      append: (file, event) => this.writer.audit(file, event),
    });
  }

  #keep({ values }: ReadOptions, run: string, text: string): string {
    const file = join(stateFolder(values['state-dir'], this.surroundings.env), 'logs', `${run}.log`);
    this.writer.keep(file, text);
    return file;
  }

  /** What a look was waiting for is no part of what is said next. */
  #clear(): void {
    if (this.surroundings.stderr.isTTY === true) this.writer.status('');
  }

  async #agree(plan: Plan, notes: readonly string[], { yes = false, format }: ActionFlags, signal: AbortSignal): Promise<boolean> {
    const text = planText(plan, notes, this.renderOptions());
    this.#clear();
    // With JSON standard output holds the document alone.
    if (format === 'text') this.writer.out(text);
    else if (!yes) this.writer.err(text);
    return yes || agrees(plan.consent, { stdin: this.surroundings.stdin, prompt: (question) => this.writer.prompt(question) }, signal);
  }

  protected show(acted: Acted, format: 'text' | 'json'): void {
    if (format === 'json') this.writer.out(actedJson(acted), 'json');
    else this.writer.out(actedText(acted, this.renderOptions()));
    this.settle(acted);
  }

  /** The exit code says how it ended. */
  protected settle({ outcome }: Acted): void {
    this.surroundings.exitCode = EXIT_OF_OUTCOME[outcome];
  }
}

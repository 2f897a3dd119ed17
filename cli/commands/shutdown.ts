import { Flags } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand, type ActionFlags } from '../action-command.ts';
import type { Acted } from '../acting/act.ts';
import { badInput, isSentence } from '../bad-input.ts';
import { commandWords } from '../command-words.ts';
import { walkedJson } from '../render/action.ts';

const RUNGS = ['stop', 'delete', 'worker'] as const;
type Rung = (typeof RUNGS)[number];
const WORKER_HINT = "give --worker-command 'systemctl restart kafka-connect' or 'kubectl delete pod POD'";

export default class Shutdown extends ActionCommand {
  static override summary = 'Takes a connector out of service, by the mildest means that works.';
  static override description = `The rungs are stop (ports closed, configuration kept), delete, and a restart of the worker, which stops every connector on it and lists them. Each has its own plan, consent and record, and the next is tried when one does not help: all of them on a terminal; with --yes those that --rung names, stop alone when it names none. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --rung stop --rung delete --yes',
    "<%= config.bin %> <%= command.id %> --rung worker --worker-command 'systemctl restart kafka-connect'",
  ];
  static override flags = {
    rung: Flags.option({
      options: RUNGS,
      multiple: true,
      multipleNonGreedy: true,
      summary: 'stop, delete or worker (repeatable) [all on a terminal, stop with --yes]',
    })(),
    'worker-command': Flags.string({
      helpValue: 'CMD',
      summary: "restarts the worker: 'systemctl restart kafka-connect', 'kubectl delete pod POD'; no shell reads it",
    }),
    ...ACTION_FLAGS,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Shutdown);
    const { rung, 'worker-command': text } = flags;
    const all = rung ?? (this.hasTerminal() && flags.yes !== true && flags['dry-run'] !== true ? RUNGS : (['stop'] as const));
    const rungs = RUNGS.filter((one) => all.includes(one));
    if (text !== undefined && !rungs.includes('worker')) throw badInput('--worker-command belongs to --rung worker');
    if (text === undefined && rung?.includes('worker') === true) throw badInput('--rung worker needs to know how', WORKER_HINT);
    await this.#walk(rungs, text === undefined ? undefined : commandWords(text, '--worker-command'), flags);
  }

  /** From rung to rung, until one helps, somebody says no, or none is left. */
  async #walk(rungs: readonly Rung[], command: readonly string[] | undefined, flags: ActionFlags & Record<string, unknown>): Promise<void> {
    const walked: (Pick<Acted, 'run' | 'outcome' | 'sentence'> & { rung: Rung })[] = [];
    let [last, refused]: [Acted | undefined, unknown] = [undefined, undefined];
    for (const rung of rungs) {
      try {
        if (rung === 'worker' && command === undefined)
          throw badInput('the next rung restarts the worker, and nobody said how', WORKER_HINT);
        const acted =
          rung === 'worker'
            ? await this.carry('shutdown worker', { command: command! }, flags)
            : await this.carry(`connector ${rung}`, {}, flags);
        walked.push({ rung, run: acted.run, outcome: acted.outcome, sentence: acted.sentence });
        last = acted;
        if (flags.format === 'text') this.show(acted, 'text');
        if ((acted.outcome === 'done' && !acted.dryRun) || acted.interrupted === true) break;
      } catch (error) {
        refused = error;
        const isNo = (error as { declined?: true }).declined === true;
        // What an earlier rung has sent is not undone by this one's refusal: that rung's outcome stands.
        if (!isSentence(error) || (last === undefined && (isNo || rung === rungs.at(-1)))) throw error;
        walked.push({ rung, run: null, outcome: 'not-tried', sentence: error.message });
        this.writer.err(`otlpctl: ${error.message}${error.hint === undefined ? '' : `, ${error.hint}`}`);
        if (isNo) break;
      }
    }
    if (last === undefined) throw refused;
    if (flags.format === 'json') this.print(walkedJson(last, walked), { kind: 'json' });
    this.settle(last);
    const next = RUNGS[RUNGS.indexOf(walked.at(-1)!.rung) + 1];
    if (last.outcome !== 'done' && last.interrupted !== true && next !== undefined)
      this.writer.err(`next rung: otlpctl shutdown --rung ${next}`);
  }
}

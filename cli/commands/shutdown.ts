import { Flags } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../action-command.ts';
import { commandWords } from '../command-words.ts';
import { badInput } from '../bad-input.ts';

const RUNGS = ['stop', 'delete', 'worker'] as const;

export default class Shutdown extends ActionCommand {
  static override summary = 'Takes a connector out of service, by the mildest means that works.';
  static override description = `The rungs are stop (ports closed, configuration kept), delete, and a restart of the worker, which stops every connector on it. One rung a run, each with its plan: the next is named when one does not help. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --rung delete',
    "<%= config.bin %> <%= command.id %> --rung worker --worker-command 'systemctl restart kafka-connect'",
  ];
  static override flags = {
    rung: Flags.option({ options: RUNGS, summary: 'stop, delete or worker [stop]' })(),
    'worker-command': Flags.string({
      helpValue: 'CMD',
      summary: "restarts the worker: 'systemctl restart kafka-connect', 'kubectl delete pod POD'; no shell reads it",
    }),
    ...ACTION_FLAGS,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Shutdown);
    const { rung = 'stop', 'worker-command': text } = flags;
    if (text !== undefined && rung !== 'worker') throw badInput(`--worker-command belongs to --rung worker`);
    if (rung === 'worker') {
      if (text === undefined)
        throw badInput(
          "--rung worker needs to know how: give --worker-command 'systemctl restart kafka-connect' or 'kubectl delete pod POD'",
        );
      return this.act('shutdown worker', { command: commandWords(text, '--worker-command') }, flags);
    }
    const acted = await this.carry(`connector ${rung}`, {}, flags);
    this.show(acted, flags.format);
    if (acted.outcome !== 'done') this.writer.err(`next rung: otlpctl shutdown --rung ${rung === 'stop' ? 'delete' : 'worker'}`);
  }
}

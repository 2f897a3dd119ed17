import { Args } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';
import { continueRun, ofRecord } from '../../acting/continue.ts';
import { withKept } from '../../acting/kept-options.ts';

export default class RunbookContinue extends ActionCommand {
  static override summary = 'Goes on with an action that was interrupted or killed, from its record.';
  static override description = `What was sent and answered is not sent again. What was sent and not answered is judged by what is seen: done, not done, or not to be told; only what was not done is sent again. Plan and target are those of the record, credentials have to be given again. What has changed since stops it. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 20261123-154201-7f3a --dry-run',
    '<%= config.bin %> <%= command.id %> 20261123-154201-7f3a --yes',
  ];
  static override args = { run: Args.string({ required: true, ignoreStdin: true, description: 'a run, as the action told it' }) };
  static override flags = { ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RunbookContinue);
    const { env } = this.surroundings;
    const acted = await this.acted(flags, this.acting(flags), (acting, world) =>
      continueRun(
        args.run,
        ({ planned }) => ofRecord(this.acting(withKept(planned.options ?? {}, flags, env)), planned.target, args.run),
        acting,
        world,
      ),
    );
    this.show(acted, flags.format);
  }
}

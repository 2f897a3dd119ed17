import { Flags } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../action-command.ts';

export default class DrainRestart extends ActionCommand {
  static override summary = 'Waits until the queues have run empty, then restarts the connector: nothing accepted is lost.';
  static override description = `The connector stays RUNNING, for a paused one drains nothing; the senders have to be stopped. Empty is what two looks in a row show, with nothing coming in between. Not empty within --wait: nothing is restarted, and what is at stake is said. ${ACTION_EXITS}`;
  static override examples = ['<%= config.bin %> <%= command.id %> --dry-run', '<%= config.bin %> <%= command.id %> --wait 120 --yes'];
  static override flags = {
    'accept-loss': Flags.boolean({ summary: 'restart also when it did not run empty in time' }),
    ...ACTION_FLAGS,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(DrainRestart);
    await this.act('drain-restart', { acceptLoss: flags['accept-loss'] === true }, flags);
  }
}

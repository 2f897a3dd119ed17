import { Args } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';
import { badInput } from '../../bad-input.ts';

export default class ConnectorRestartTask extends ActionCommand {
  static override summary = 'Restarts one task, and waits until it runs and the ports accept.';
  static override description = `The connector has one task, 0. ${ACTION_EXITS}`;
  static override examples = ['<%= config.bin %> <%= command.id %> 0 --dry-run', '<%= config.bin %> <%= command.id %> 0 --yes'];
  static override args = { task: Args.string({ default: '0', ignoreStdin: true, description: 'number of the task' }) };
  static override flags = { ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConnectorRestartTask);
    if (!/^\d{1,9}$/.test(args.task)) throw badInput(`TASK "${args.task}" is not the number of a task (try 0)`);
    await this.act('connector restart-task', { task: Number(args.task) }, flags);
  }
}

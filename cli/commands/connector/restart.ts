import { Flags } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';

export default class ConnectorRestart extends ActionCommand {
  static override summary = 'Restarts the connector with its tasks, and waits until both run and the ports accept.';
  static override description = `What is queued is discarded by the connector and delivered by the bridge; the plan says how much that is. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --connector otlp-source --only-failed --yes --reason INC-1042',
  ];
  static override flags = { 'only-failed': Flags.boolean({ summary: 'only what is FAILED' }), ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorRestart);
    await this.act('connector restart', { onlyFailed: flags['only-failed'] === true }, flags);
  }
}

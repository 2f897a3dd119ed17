import { Flags } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../../action-command.ts';
import { askConfig } from '../../../acting/ask-config.ts';

export default class ConnectorConfigRollback extends ActionCommand {
  static override summary = 'Puts the configuration back to how it was before the last run of otlpctl that changed it.';
  static override description = `Configurations are taken from the audit record, which keeps no secret: secrets stay as they are now. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --to 20261123-154201-7f3a --yes',
  ];
  static override flags = { to: Flags.string({ summary: 'before that run', helpValue: 'RUN' }), ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorConfigRollback);
    await this.act(
      'connector config rollback',
      async (facts, client) => ({ to: flags.to ?? null, ...(await askConfig(facts, client, (live) => live)) }),
      flags,
    );
  }
}

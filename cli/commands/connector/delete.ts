import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';

export default class ConnectorDelete extends ActionCommand {
  static override summary = 'Deletes the connector with its task and configuration.';
  static override description = `On a terminal the name has to be typed. otlpctl keeps a copy of the configuration, without secrets, in its record. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --connector otlp-source --yes --reason INC-1042',
  ];
  static override flags = { ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorDelete);
    await this.act('connector delete', {}, flags);
  }
}

import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';

export default class ConnectorStop extends ActionCommand {
  static override summary = 'Ends the task and closes the ports; the configuration stays.';
  static override description = `Kafka Connect 3.5 and later. What is queued is discarded by the connector and delivered by the bridge. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --connector otlp-source --yes --reason INC-1042',
  ];
  static override flags = { ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorStop);
    await this.act('connector stop', {}, flags);
  }
}

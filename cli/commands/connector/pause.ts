import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';

export default class ConnectorPause extends ActionCommand {
  static override summary = 'Stops the draining of the queues; the ports stay open and go on taking messages.';
  static override description = `It is no graceful shutdown: the queues fill, and then messages are lost. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --connector otlp-source --yes --reason INC-1042',
  ];
  static override flags = { ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorPause);
    await this.act('connector pause', {}, flags);
  }
}

import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';

export default class ConnectorResume extends ActionCommand {
  static override summary = 'Lets a paused or stopped connector go on, and waits until it runs and the ports accept.';
  static override description = `A stopped one starts its task again. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --connector otlp-source --yes --reason INC-1042',
  ];
  static override flags = { ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorResume);
    await this.act('connector resume', {}, flags);
  }
}

import { SEND_EXITS, SEND_FLAGS, SendCommand } from '../../send-command.ts';

export default class SendLogs extends SendCommand {
  static override summary = 'Sends marked test logs to the receiver, and finds them again where that is asked for.';
  static override description = `It puts records on the topic of logs, and says so before. ${SEND_EXITS}`;
  static override examples = [
    '<%= config.bin %> send logs',
    '<%= config.bin %> send logs --protocol http/protobuf --count 100 --verify --kafka localhost:9092',
    '<%= config.bin %> send logs --rate 500/s --format json',
  ];
  static override flags = SEND_FLAGS;

  async run(): Promise<void> {
    const { flags } = await this.parse(SendLogs);
    await this.send('logs', flags);
  }
}

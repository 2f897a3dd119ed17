import { SEND_EXITS, SEND_FLAGS, SendCommand } from '../../send-command.ts';

export default class SendTraces extends SendCommand {
  static override summary = 'Sends marked test traces to the receiver, and finds them again where that is asked for.';
  static override description = `It puts records on the topic of traces, and says so before. ${SEND_EXITS}`;
  static override examples = [
    '<%= config.bin %> send traces',
    '<%= config.bin %> send traces --protocol http/protobuf --count 100 --verify --kafka localhost:9092',
    '<%= config.bin %> send traces --rate 500/s --format json',
  ];
  static override flags = SEND_FLAGS;

  async run(): Promise<void> {
    const { flags } = await this.parse(SendTraces);
    await this.send('traces', flags);
  }
}

import { Args } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';
import { badInput } from '../../bad-input.ts';

export default class TopicPartitions extends ActionCommand {
  static override summary = "Gives the connector's topics more partitions.";
  static override description = `Asked of Kafka itself, at --kafka. It cannot be undone, and keys map to other partitions from then on. ${ACTION_EXITS}`;
  static override examples = ['<%= config.bin %> <%= command.id %> 12 --kafka localhost:9092 --dry-run'];
  static override args = { partitions: Args.string({ required: true, ignoreStdin: true, description: 'how many each topic is to have' }) };
  static override flags = { ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TopicPartitions);
    if (!/^[1-9]\d{0,4}$/.test(args.partitions)) throw badInput(`PARTITIONS "${args.partitions}" is not a number of partitions (try 12)`);
    await this.act('topic partitions', { partitions: Number(args.partitions) }, flags);
  }
}

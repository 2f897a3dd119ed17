import { Flags } from '@oclif/core';
import { planCapacity } from '../../checks/plans/capacity.ts';
import { readPercent, readRate, readSize, type Quantity } from '../../checks/plans/quantities.ts';
import { badInput } from '../bad-input.ts';
import { BaseCommand } from '../base-command.ts';
import { formatFlag } from '../option-flags.ts';
import { readSeconds } from '../option-values.ts';
import { capacityJson, capacityText } from '../render/capacity.ts';

const NAMES = { peak: '--peak', burst: '--burst', size: '--message-size', headroom: '--headroom' } as const;

function read(reader: (text: string) => Quantity, text: string, named: string): number {
  const quantity = reader(text.trim());
  if ('problem' in quantity) throw badInput(`${named} "${text}" ${quantity.problem}`);
  return quantity.value;
}

export default class Capacity extends BaseCommand {
  static override summary = 'Plans queue size, memory, heap and record format for a peak that lasts for a burst.';
  static override description = 'One message is one Export request. Nothing is asked over the network.';
  static override examples = [
    '<%= config.bin %> capacity --peak 5000 --burst 10',
    '<%= config.bin %> capacity --peak 800 --burst 60 --message-size 20KB --headroom 100% --format json',
  ];
  static override flags = {
    peak: Flags.string({ required: true, helpValue: 'MSG_PER_S', summary: 'messages a second at the peak, all signals together' }),
    burst: Flags.string({ required: true, helpValue: 'SECONDS', summary: 'how long the peak lasts' }),
    'message-size': Flags.string({
      default: '2KB',
      helpValue: 'SIZE',
      summary: 'average message: B, KB (1000 B), MB, GB, KiB, MiB, GiB',
    }),
    headroom: Flags.string({ default: '50%', helpValue: 'PERCENT', summary: 'what is added to the queue on top' }),
    ...formatFlag('text', 'json'),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Capacity);
    const plan = planCapacity({
      peakPerSecond: read(readRate, flags.peak, NAMES.peak),
      burstSeconds: readSeconds({ above: 0 })(flags.burst, NAMES.burst),
      messageSizeBytes: read(readSize, flags['message-size'], NAMES.size),
      headroomPercent: read(readPercent, flags.headroom, NAMES.headroom),
    });
    if ('tooLarge' in plan) {
      const given = `${NAMES.peak} ${flags.peak} for ${NAMES.burst} ${flags.burst} with ${NAMES.size} ${flags['message-size']} and ${NAMES.headroom} ${flags.headroom}`;
      throw badInput(`${given} makes the ${plan.tooLarge} larger than can be counted exactly: give smaller numbers`);
    }
    if (flags.format === 'json') this.print(capacityJson(plan), { kind: 'json' });
    else this.print(capacityText(plan, { columns: this.columns, colour: this.colour }));
  }
}

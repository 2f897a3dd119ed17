import { Flags } from '@oclif/core';
import { laidOver } from '../../checks/actions/differences.ts';
import { probesFor } from '../../checks/gather.ts';
import { planCapacity } from '../../checks/plans/capacity.ts';
import type { MeasuredPlan } from '../../checks/plans/measured.ts';
import { readPercent, readRate, readSize, type Quantity } from '../../checks/plans/quantities.ts';
import { ACTION_FLAGS, ActionCommand } from '../action-command.ts';
import { askConfig } from '../acting/ask-config.ts';
import { badInput } from '../bad-input.ts';
import { EXIT_OF_OUTCOME } from '../exit-codes.ts';
import { factsOf } from '../facts-of.ts';
import { measured, type Said } from '../measure.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { ACTION_OPTIONS } from '../options.ts';
import { readSeconds } from '../option-values.ts';
import { actedJson, actedText } from '../render/action.ts';
import { capacityJson, capacityText } from '../render/capacity.ts';
import { measuredDocument, measuredText } from '../render/measured.ts';

const NAMES = { peak: '--peak', burst: '--burst', size: '--message-size', headroom: '--headroom', history: '--history' } as const;
const SIZE = '2KB';

/** What only a target can answer. */
const OF_TARGET = [...ACTION_OPTIONS, 'window', 'prometheus-url'] as const;
const OF_APPLYING = ['yes', 'dry-run', 'force', 'with-format'] as const;
const FACTS = [
  'rest.list',
  'rest.root',
  'rest.health',
  'rest.status',
  'target',
  'metrics',
  'jmx.jvm',
  'kafka.topics',
  'kafka.offsets',
] as const;

function read(reader: (text: string) => Quantity, text: string, named: string): number {
  const quantity = reader(text.trim());
  if ('problem' in quantity) throw badInput(`${named} "${text}" ${quantity.problem}`);
  return quantity.value;
}

export default class Capacity extends ActionCommand {
  static override summary = 'Plans queue size, memory, heap and record format for a peak that lasts for a burst.';
  static override description = `One message is one Export request. Without --from-target nothing is asked over the network. With it peak, burst and message size are
measured (what is given beside it stands in place of its measurement) and compared with how the target is configured; --apply changes its queue size.`;
  static override examples = [
    '<%= config.bin %> capacity --peak 5000 --burst 10',
    '<%= config.bin %> capacity --peak 800 --burst 60 --message-size 20KB --headroom 100% --format json',
    '<%= config.bin %> capacity --from-target --window 30 --timeout 60 --kafka localhost:9092',
    '<%= config.bin %> capacity --from-target --prometheus-url http://localhost:9090 --apply --dry-run',
  ];
  static override flags = {
    peak: Flags.string({ helpValue: 'MSG_PER_S', summary: 'messages a second at the peak, all signals together' }),
    burst: Flags.string({ helpValue: 'SECONDS', summary: 'how long the peak lasts' }),
    'message-size': Flags.string({ helpValue: 'SIZE', summary: `average message: B, KB (1000 B), MB, GB, KiB, MiB, GiB [${SIZE}]` }),
    headroom: Flags.string({ default: '50%', helpValue: 'PERCENT', summary: 'what is added to the queue on top' }),
    'from-target': Flags.boolean({ summary: 'measure a target instead' }),
    history: Flags.string({ default: '86400', helpValue: 'SECONDS', summary: 'how far back --prometheus-url is asked' }),
    apply: Flags.boolean({ summary: 'then set the recommended queue size, as connector config set does' }),
    'with-format': Flags.boolean({ summary: 'and the record format: whoever reads the topics must follow' }),
    ...ACTION_FLAGS,
    ...flagsFor('window', 'prometheus-url'),
    ...formatFlag('text', 'json'),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Capacity);
    if (flags['from-target']) return this.#fromTarget(flags);
    const alone = [...OF_TARGET, ...OF_APPLYING, 'apply' as const].find((name) => flags[name as keyof typeof flags] !== undefined);
    if (alone !== undefined) throw badInput(`--${alone} is about a target: give --from-target too, or leave it out`);
    const missing = (['peak', 'burst'] as const).filter((name) => flags[name] === undefined);
    // As oclif says it of a flag that is always needed.
    if (missing.length > 0) this.error(missing.map((name) => `Missing required flag ${name}`).join('\n'));
    const [peak, burst, size] = [flags.peak!, flags.burst!, flags['message-size'] ?? SIZE];
    const plan = planCapacity({
      peakPerSecond: read(readRate, peak, NAMES.peak),
      burstSeconds: readSeconds({ above: 0 })(burst, NAMES.burst),
      messageSizeBytes: read(readSize, size, NAMES.size),
      headroomPercent: read(readPercent, flags.headroom, NAMES.headroom),
    });
    if ('tooLarge' in plan) {
      const given = `${NAMES.peak} ${peak} for ${NAMES.burst} ${burst} with ${NAMES.size} ${size} and ${NAMES.headroom} ${flags.headroom}`;
      throw badInput(`${given} makes the ${plan.tooLarge} larger than can be counted exactly: give smaller numbers`);
    }
    if (flags.format === 'json') this.print(capacityJson(plan), { kind: 'json' });
    else this.print(capacityText(plan, { columns: this.columns, colour: this.colour }));
  }

  async #fromTarget(flags: Parsed): Promise<void> {
    const lonely = OF_APPLYING.find((name) => flags[name] === true);
    if (lonely !== undefined && flags.apply !== true) throw badInput(`--${lonely} says how to --apply: give --apply too, or leave it out`);
    const said: Said = {
      ...(flags.peak !== undefined && { peak: read(readRate, flags.peak, NAMES.peak) }),
      ...(flags.burst !== undefined && { burst: readSeconds({ above: 0 })(flags.burst, NAMES.burst) }),
      ...(flags['message-size'] !== undefined && { size: read(readSize, flags['message-size'], NAMES.size) }),
      headroomPercent: read(readPercent, flags.headroom, NAMES.headroom),
      historySeconds: readSeconds({ from: 60 }, 86_400)(flags.history, NAMES.history),
    };
    const options = this.options(OF_TARGET, flags);
    const plan = await this.looking(async (world) => {
      const [facts] = await factsOf(options, { ...world, probes: probesFor(FACTS) }, 'refuse');
      return measured(facts, options.values, said);
    });
    if (flags.format === 'text') this.print(measuredText(plan, { columns: this.columns, colour: this.colour }));
    const applied = flags.apply === true ? await this.#apply(plan, flags) : null;
    if (flags.format === 'json') {
      const acted = applied === null ? {} : { applied: JSON.parse(actedJson(applied)) as object };
      this.print(JSON.stringify({ ...measuredDocument(plan), ...acted }), { kind: 'json' });
    } else if (applied !== null) this.writer.out(`\n${actedText(applied, this.renderOptions())}`);
    if (applied !== null) this.surroundings.exitCode = EXIT_OF_OUTCOME[applied.outcome];
  }

  /** The queue size alone, unless the format is wanted too: another format is another topic to whoever reads it. */
  #apply({ plan, ceiling }: MeasuredPlan, flags: Parsed) {
    if (ceiling !== null && flags.force !== true)
      throw badInput(
        `${ceiling.signal} peak at ${Math.ceil(ceiling.peakPerSecond)} msg/s and one instance drains ${ceiling.perSecond}: a larger queue only delays the loss, so nothing was sent`,
        `plan ${ceiling.instances} instances with otlpctl scale connectors --instances ${ceiling.instances}, or give --force`,
      );
    const { 'otlp.message.queue.size': size, 'otlp.message.format': format } = plan.config;
    const keys: Record<string, string> = {
      'otlp.message.queue.size': size,
      ...(flags['with-format'] === true && { 'otlp.message.format': format }),
    };
    return this.carry(
      'connector config set',
      async (facts, client) => ({ keys, ...(await askConfig(facts, client, (live) => laidOver(live, keys))) }),
      flags,
    );
  }
}

type Parsed = Record<string, unknown> & {
  peak?: string | undefined;
  burst?: string | undefined;
  'message-size'?: string | undefined;
  headroom: string;
  history: string;
  format: 'text' | 'json';
} & { [Name in (typeof OF_APPLYING)[number] | 'apply']?: boolean };

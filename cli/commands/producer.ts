import { missing } from '../../checks/actions/not-there.ts';
import { seen } from '../../checks/facts/index.ts';
import { probesFor } from '../../checks/gather.ts';
import { planProducer } from '../../checks/plans/producer.ts';
import { EVERY_PROBE } from '../../checks/probes/on-demand.ts';
import { badInput, couldNotLook } from '../bad-input.ts';
import { factsOf } from '../facts-of.ts';
import { LookCommand } from '../look-command.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { CONNECT_OPTIONS } from '../options.ts';
import { producerText } from '../render/producer.ts';

const NAMES = [...CONNECT_OPTIONS, 'worker-host', 'host-command', 'timeout'] as const;

export default class Producer extends LookCommand {
  static override summary = "Compares the producer's settings in force with those of the runbook, and says what acks=1 risks.";
  static override description =
    "What the connector overrides (producer.override.*) is known from REST; what the worker's file has, where the worker runs here or --host-command reaches it. Looks only. Exit code: 0, or 3 when it cannot be read.";
  static override examples = ['<%= config.bin %> producer', '<%= config.bin %> producer --connector otlp-source --format json'];
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(Producer);
    const options = this.options(NAMES, flags);
    const probes = probesFor(['rest.list', 'rest.root', 'rest.health', 'target', 'host.worker-file'], EVERY_PROBE);
    const [facts] = await this.looking((world) => factsOf(options, { ...world, probes }, 'refuse'));
    const no = missing(facts);
    if (no !== undefined) throw couldNotLook(no.refused.replace('. Nothing was sent', ''), no.hint);
    const target = seen(facts, 'target');
    if (target?.kind === 'bridge')
      throw badInput(
        `${target.connector} runs on a bridge, whose producer is configured where it starts (bridge.kafka.*), not by its connectors`,
        'see otlpctl bridge --help',
      );
    const plan = planProducer(facts);
    if (plan === undefined) throw couldNotLook('the configuration of the connector could not be read', 'see otlpctl doctor');
    if (flags.format === 'json')
      this.print(JSON.stringify({ schemaVersion: 1, connector: target?.connector ?? null, ...plan }), { kind: 'json' });
    else this.print(producerText(target?.connector ?? '', plan, this.renderOptions()));
  }
}

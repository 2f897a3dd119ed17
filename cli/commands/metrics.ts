import { isFailed, isSeen } from '../../checks/facts/index.ts';
import { probesFor } from '../../checks/gather.ts';
import { couldNotLook } from '../bad-input.ts';
import { attributeRows } from '../attribute-rows.ts';
import { factsOf } from '../facts-of.ts';
import { LookCommand } from '../look-command.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { LOOK_OPTIONS } from '../options.ts';
import { METRICS_RENDERERS } from '../render/metrics.ts';

const NAMES = [
  ...LOOK_OPTIONS.filter((name) => !/^(?:log|otlp|kafka|host|client)-|^(?:kafka|record|expect|active)$/.test(name)),
  'verbose',
] as const;

export default class Metrics extends LookCommand {
  static override summary = 'Shows every metric of the connector: its value, its rate over the window, and whether it is alive.';
  static override description = 'Looks only. Exit code: 0, or 3 when the metrics cannot be read.';
  static override examples = [
    '<%= config.bin %> metrics',
    '<%= config.bin %> metrics --metrics-url http://worker:8778/jolokia/ --window 30 --timeout 60',
  ];
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(Metrics);
    const options = this.options(NAMES, flags);
    const probes = probesFor(['metrics', 'target']);
    const [facts] = await this.looking((world) => factsOf(options, { ...world, probes }, 'refuse'));
    const { metrics } = facts;
    if (!isSeen(metrics)) {
      const why = isFailed(metrics) ? `${metrics.source}: ${metrics.detail}` : metrics.reason;
      throw couldNotLook(
        `no metrics of the connector could be read: ${why}`,
        isFailed(metrics) || metrics.give === undefined ? undefined : `give ${metrics.give}`,
      );
    }
    const connector = isSeen(facts.target) ? facts.target.value.connector : null;
    const view = { connector, metrics: metrics.value, rows: attributeRows(metrics.value) };
    this.print(METRICS_RENDERERS[flags.format](view, this.renderOptions(options.values.verbose)), { kind: flags.format });
  }
}

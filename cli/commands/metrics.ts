import { Flags } from '@oclif/core';
import { alertsOf } from '../../checks/alerts/alerts-of.ts';
import { isFailed, isSeen, type Facts } from '../../checks/facts/index.ts';
import { probesFor } from '../../checks/gather.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import { badInput, couldNotLook, isSentence } from '../bad-input.ts';
import { attributeRows, judgedRows } from '../attribute-rows.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { factsOf } from '../facts-of.ts';
import { failureOf, sentenceOf } from '../failure.ts';
import { LookCommand } from '../look-command.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { LOOK_OPTIONS } from '../options.ts';
import { METRICS_RENDERERS, type MetricsView } from '../render/metrics.ts';
import { clock } from '../render/numbers.ts';
import { watch, type Shown } from '../watch.ts';

const NAMES = [
  ...LOOK_OPTIONS.filter((name) => !/^(?:log|otlp|kafka|host|client)-|^(?:kafka|record|expect|active)$/.test(name)),
  'verbose',
] as const;

/** What is shown of a look; a look without metrics is one sentence. */
function viewOf(facts: Facts, signal: (typeof SIGNALS)[number] | undefined): MetricsView {
  const { metrics } = facts;
  if (!isSeen(metrics)) {
    const why = isFailed(metrics) ? `${metrics.source}: ${metrics.detail}` : metrics.reason;
    throw couldNotLook(
      `no metrics of the connector could be read: ${why}`,
      isFailed(metrics) || metrics.give === undefined ? undefined : `give ${metrics.give}`,
    );
  }
  const connector = isSeen(facts.target) ? facts.target.value.connector : null;
  return { connector, metrics: metrics.value, rows: judgedRows(attributeRows(metrics.value), alertsOf(facts).alerts, signal) };
}

export default class Metrics extends LookCommand {
  static override summary = 'Shows every metric of the connector with its rate, the thresholds of its alerts and how they are.';
  static override description = `Looks only. --watch looks again and again until Ctrl-C: it repaints a terminal, and prints one block a look elsewhere.
Exit code: 0, or 3 when the metrics cannot be read; of --watch, that of the last look. otlpctl alerts has exit codes for what is wrong.`;
  static override examples = [
    '<%= config.bin %> metrics',
    '<%= config.bin %> metrics --watch --signal traces',
    '<%= config.bin %> metrics --metrics-url http://worker:8778/jolokia/ --window 30 --timeout 60',
  ];
  static override flags = {
    watch: Flags.boolean({ summary: 'look again and again until Ctrl-C' }),
    signal: Flags.option({ options: [...SIGNALS] as const, summary: 'only what is of this signal' })(),
    ...flagsFor(...NAMES),
    ...formatFlag('text', 'json'),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Metrics);
    const options = this.options(NAMES, flags);
    const probes = probesFor(['metrics', 'target']);
    const one = (signal?: AbortSignal): Promise<MetricsView> =>
      this.looking(async (world) => {
        const [facts] = await factsOf(options, { ...world, probes, ...(signal && { signal }) }, 'refuse');
        return viewOf(facts, flags.signal);
      });
    const render = (view: MetricsView): string => METRICS_RENDERERS[flags.format](view, this.renderOptions(options.values.verbose));
    if (flags.watch !== true) return this.print(render(await one()), { kind: flags.format });
    if (flags.format === 'json') throw badInput('--watch and --format json do not go together: a document ends, and watching does not');
    if (options.values.replay !== undefined) throw badInput('--watch and --replay do not go together: a record does not change');
    const status = await watch(
      this.surroundings,
      (ending) => this.#shown(() => one(ending).then(render)),
      (shown) => this.#show(shown),
    );
    this.surroundings.exitCode = exitCodeOf(status);
  }

  /** While somebody watches, a look that failed is news as any other. */
  async #shown(look: () => Promise<string>): Promise<Shown> {
    try {
      return { text: await look(), status: 'ok' };
    } catch (error) {
      if (!isSentence(error) || error.code !== 'could-not-look') throw error;
      return { text: `${sentenceOf(failureOf(error, 'metrics', []))}\n`, status: 'unknown' };
    }
  }

  #show({ text }: Shown): void {
    const now = Date.now();
    const block = `${clock(now, now)}\n${text}`;
    if (this.surroundings.stdout.isTTY === true) this.writer.repaint(block);
    else this.writer.out(`${block}\n`);
  }
}

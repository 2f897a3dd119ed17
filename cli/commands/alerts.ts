import { alertsOf } from '../../checks/alerts/alerts-of.ts';
import { isFailed, seen, type Facts } from '../../checks/facts/index.ts';
import { probesFor } from '../../checks/gather.ts';
import { PROBES } from '../../checks/probes/all.ts';
import { prometheusHistoryProbe } from '../../checks/probes/prometheus-history.ts';
import { toRecord } from '../../checks/record.ts';
import { worst } from '../../checks/report.ts';
import { ALERT_FLAGS, saidOf } from '../alert-options.ts';
import { couldNotLook } from '../bad-input.ts';
import { factsOf } from '../facts-of.ts';
import { previousSample, withPrevious } from '../health.ts';
import { LookCommand } from '../look-command.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { CONNECT_OPTIONS } from '../options.ts';
import { assertNoRecord } from '../record-folder.ts';
import { ALERTS_RENDERERS } from '../render/alerts.ts';
import { version } from '../version.ts';

const NAMES = [
  ...CONNECT_OPTIONS,
  'worker-host',
  'metrics-url',
  'jmx-url',
  'prometheus-url',
  'previous',
  'previous-at',
  'expect',
  'timeout',
  'window',
  'record',
  'replay',
  'verbose',
] as const;

/** A Prometheus that was named and cannot tell is no silence. */
function assertHistory({ 'prometheus.history': history }: Facts): void {
  if (isFailed(history))
    throw couldNotLook(
      `the Prometheus of --prometheus-url cannot tell: ${history.source}: ${history.detail}`,
      'correct the address or leave it out',
    );
}

export default class Alerts extends LookCommand {
  static override summary =
    "Evaluates the runbook's alerts, and those that it lacks, on the live target: firing, pending, silent or unknown, with what was seen.";
  static override description = `Looks only. An alert whose series cannot be read is unknown, never silent. What was before comes from --window, --previous or --prometheus-url.
Exit code: 0 ok, 1 warning, 2 critical, 3 unknown, by what holds now: pending counts like firing, except for silence of senders, which counts once it has lasted.`;
  static override examples = [
    '<%= config.bin %> alerts',
    '<%= config.bin %> alerts --prometheus-url http://prometheus:9090 --window 0',
    '<%= config.bin %> alerts --threshold loss=0.5 --format json',
  ];
  static override flags = { ...ALERT_FLAGS, ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(Alerts);
    const options = this.options(NAMES, flags);
    const said = saidOf(flags);
    const previous = previousSample(options.values, Date.now());
    const { record } = options.values;
    if (record !== undefined) assertNoRecord(record);
    const probes = probesFor(['metrics', 'target', 'prometheus.history'], [...PROBES, prometheusHistoryProbe]);
    const all = await this.looking((world) => factsOf(options, { ...world, probes }, 'refuse'));
    if (record !== undefined) this.writer.record(record, all.map(toRecord));
    const facts = withPrevious(all[0], previous);
    assertHistory(facts);
    const view = alertsOf(facts, said);
    const status = worst(view.alerts.map((alert) => alert.status));
    const output = { view, status, at: seen(facts, 'run')?.startedAt ?? facts.run.at, otlpctl: version() };
    this.print(ALERTS_RENDERERS[flags.format](output, this.renderOptions(options.values.verbose)), { status, kind: flags.format });
  }
}

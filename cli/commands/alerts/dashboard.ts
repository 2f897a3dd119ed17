import { dashboard, missingFor } from '../../../checks/alerts/dashboard.ts';
import { list } from '../../../checks/derive/words.ts';
import { ALERT_FLAGS, saidOf } from '../../alert-options.ts';
import { badInput } from '../../bad-input.ts';
import { LookCommand } from '../../look-command.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { OUTPUT_FLAGS } from '../../output-file.ts';
import { lookForSeries, NAMES_FLAG, SERIES_OPTIONS } from '../../series-look.ts';

export default class AlertsDashboard extends LookCommand {
  static override summary = 'Writes a dashboard for Grafana, for series as this target really calls them.';
  static override description = `What comes, leaves, waits and is lost, by signal, with the limits of the alerts. Import it in Grafana, which then asks for the Prometheus.
Looks only. Exit code: 0, or 3 when it cannot be made whole.`;
  static override examples = [
    '<%= config.bin %> alerts dashboard --output otlp-dashboard.json',
    '<%= config.bin %> alerts dashboard --names runbook --connector otlp-source --queue-size 10000',
  ];
  static override flags = { ...ALERT_FLAGS, ...NAMES_FLAG, ...OUTPUT_FLAGS, ...flagsFor(...SERIES_OPTIONS), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(AlertsDashboard);
    const options = this.options(SERIES_OPTIONS, flags);
    const said = saidOf(flags);
    const { connector, form, names } = await this.looking((world) => lookForSeries(options, flags.names, said, world));
    if (form.kind === 'connector' && form.queueSize === null)
      throw badInput(
        'the size of the queues is not known, and a dashboard without it would be half of one: give --queue-size, or the address of Connect',
      );
    const missing = missingFor(form, names);
    if (missing.length > 0)
      throw badInput(
        `the page has no series for ${list(missing)}, and a dashboard without them would be half of one: correct the exporter's rules (otlpctl alerts jmx-exporter-config)`,
      );
    const made = dashboard(connector, form, names);
    this.deliver(flags, {
      file: `${JSON.stringify(made, null, 2)}\n`,
      json: { connector, dashboard: made },
      what: `the dashboard of ${connector}`,
    });
  }
}

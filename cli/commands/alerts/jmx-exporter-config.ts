import { jmxExporterConfig } from '../../../checks/alerts/jmx-exporter.ts';
import { LookCommand } from '../../look-command.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { OUTPUT_FLAGS } from '../../output-file.ts';
import { jmxExporterYaml } from '../../render/rules.ts';

export default class AlertsJmxExporterConfig extends LookCommand {
  static override summary = "Writes a configuration for jmx_exporter under which the runbook's names exist.";
  static override description =
    'For the agent within the worker (-javaagent:jmx_prometheus_javaagent.jar=9404:FILE), or with --jmx-url for an exporter beside it. Nothing is asked over the network. Exit code: 0, or 3 when it cannot be written.';
  static override examples = [
    '<%= config.bin %> alerts jmx-exporter-config --output jmx-exporter.yml',
    '<%= config.bin %> alerts jmx-exporter-config --jmx-url service:jmx:rmi:///jndi/rmi://worker:9999/jmxrmi',
  ];
  static override flags = { ...OUTPUT_FLAGS, ...flagsFor('jmx-url'), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(AlertsJmxExporterConfig);
    const { values } = this.options(['jmx-url'], flags);
    const config = jmxExporterConfig(values['jmx-url']);
    this.deliver(flags, { file: jmxExporterYaml(config), json: config, what: 'the configuration' });
  }
}

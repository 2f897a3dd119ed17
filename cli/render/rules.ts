import { Document } from 'yaml';
import type { SeriesLook } from '../series-look.ts';
import type { JmxExporterConfig } from '../../checks/alerts/jmx-exporter.ts';
import type { RuleFile } from '../../checks/alerts/rule-file.ts';

/** Lines that a person reads above the first key. */
function yaml(comment: readonly string[], content: object): string {
  const document = new Document(content);
  document.commentBefore = comment.map((line) => ` ${line}`).join('\n');
  return document.toString({ lineWidth: 0 });
}

/** Where the size of the queues is a number in the rules, it is true only as long as the configuration is. */
export function rulesYaml({ connector, names, form }: SeriesLook, file: RuleFile): string {
  const size =
    form.kind === 'bridge' || form.queueSize === null
      ? []
      : [`Queue size ${form.queueSize}, which the connector does not export: make this anew when otlp.message.queue.size changes.`];
  return yaml(
    [
      `Alert rules for ${JSON.stringify(connector)}, for series as they are called at ${names.url}.`,
      ...size,
      'Made by otlpctl alerts rules.',
    ],
    file,
  );
}

export const rulesJson = ({ connector, names, form }: SeriesLook, file: RuleFile): object => ({
  connector,
  kind: form.kind,
  queueSize: form.kind === 'bridge' ? null : form.queueSize,
  names,
  ...file,
});

export const jmxExporterYaml = (config: JmxExporterConfig): string =>
  yaml(
    [
      'jmx_exporter 1.x for a Connect worker with the OpenTelemetry Source Connector: under it the names of the runbook exist,',
      'otlp_TracesReceived{connector_name="..."} and so on. Made by otlpctl alerts jmx-exporter-config.',
    ],
    config,
  );

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../doubles/load.ts';
import { otlpctl } from '../doubles/otlpctl.ts';
import { startExporter, writtenConfig } from './jmx-exporter/exporter.ts';
import { connectorOn } from './stand/connector-on.ts';
import { sharedStand } from './stand/shared.ts';

/** Rules of jmx_exporter as operators write them. The last is the least that the runbook's alerts (`otlp_…{connector_name}`) need. */
const RULES: Readonly<Record<string, string>> = {
  'the default rules': 'rules: [{pattern: ".*"}]',
  lowercaseOutputName: 'lowercaseOutputName: true\nlowercaseOutputLabelNames: true\nrules: [{pattern: ".*"}]',
  "the runbook's names": [
    'lowercaseOutputName: true',
    'rules:',
    `  - pattern: 'io.conduktor.connect.otel<type=OpenTelemetryConnector, name="?([^">]+)"?><>(\\w+)'`,
    '    name: otlp_$2',
    '    labels: {connector_name: "$1"}',
  ].join('\n'),
};
const BEANS = [
  'io.conduktor.connect.otel:*',
  'kafka.connect:type=source-task-metrics,*',
  'kafka.connect:type=task-error-metrics,*',
  'kafka.producer:type=producer-metrics,*',
  'java.lang:type=Memory',
  'java.lang:type=OperatingSystem',
];

type Rows = { kind: string; attributes: { name: string; value: number | null }[] };
const values = ({ attributes }: Rows) => Object.fromEntries(attributes.map(({ name, value }) => [name, value]));

test('the page of a true jmx_exporter gives what Jolokia gives, whatever its rules call it', async (t) => {
  const stand = await sharedStand('3.9.1');
  const connector = await connectorOn(t, stand);
  const target = ['--connect-url', stand.connectUrl, '--connector', connector.name, '--format', 'json', '--timeout', '30'];
  const { jmxUrl } = stand.workers[0]!;
  const urls: [string, string][] = [['the rules that otlpctl writes', (await startExporter(t, stand, await writtenConfig(jmxUrl))).url]];
  for (const [name, rules] of Object.entries(RULES)) {
    const config = `jmxUrl: ${jmxUrl}\nincludeObjectNames: ${JSON.stringify(BEANS)}\n${rules}\n`;
    urls.push([name, (await startExporter(t, stand, config)).url]);
  }

  const stop = new AbortController();
  t.after(() => stop.abort());
  const sending = load({ port: connector.http, signal: 'traces', perSecond: 20 }, stop.signal);
  await connector.beanWhen('traces to be written', ({ RecordsProduced }) => (RecordsProduced ?? 0) > 0);
  for (const [name, url] of urls) {
    const { code, stdout } = await otlpctl(['doctor', ...target, '--metrics-url', url, '--window', '2']);
    const report = JSON.parse(stdout) as { status: string; steps: { id: string; status: string; sentence: string }[] };
    assert.deepEqual([code, report.status], [0, 'ok'], `${name}: ${stdout}`);
    const step = (id: string) => report.steps.find((one) => one.id === id);
    assert.match(step('metrics-source')?.sentence ?? '', /^a Prometheus exporter at \S+: 16 attributes, 3 readings over /, name);
    assert.equal(step('message-intake')?.status, 'ok', name);
  }
  stop.abort();
  await sending;
  await connector.beanWhen('the queues to be empty', ({ TotalLagCount }) => TotalLagCount === 0);
  const metrics = async (url: string): Promise<Rows> =>
    JSON.parse((await otlpctl(['metrics', ...target, '--window', '0', '--metrics-url', url])).stdout) as Rows;
  const jolokia = values(await metrics(stand.jolokiaUrl));
  assert.ok((jolokia['TracesReceived'] ?? 0) > 20);
  for (const [name, url] of urls) {
    const page = await metrics(url);
    assert.equal(page.kind, 'prometheus');
    assert.deepEqual(values(page), jolokia, name);
  }
});

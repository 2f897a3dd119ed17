import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Form } from '../../../checks/alerts/alert.ts';
import { jmxExporterConfig } from '../../../checks/alerts/jmx-exporter.ts';
import { ruleFile, type RuleFile } from '../../../checks/alerts/rule-file.ts';
import { namesOf, NAMINGS, type Naming } from '../../../checks/alerts/series-names.ts';
import { ALERT_IDS, LIMITS } from '../../../checks/alerts/table.ts';
import type { SeriesNames } from '../../../checks/facts/index.ts';
import { readNames } from '../../../checks/probes/prometheus-series.ts';

const FOLDER = new URL('../../../fixtures/recorded/metrics/', import.meta.url);
const page = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const CONNECTOR: Form = { kind: 'connector', queueSize: 10_000, expectTraffic: false, limits: LIMITS };
const BRIDGE: Form = { ...CONNECTOR, kind: 'bridge', queueSize: null };

const namesOn = (text: string, connector: string | null = 'otlp-source'): SeriesNames => {
  const read = readNames(text, connector, 'http://w:9404/metrics');
  assert.ok('value' in read, JSON.stringify(read));
  return read.value;
};
const whole = (made: ReturnType<typeof ruleFile>): RuleFile => {
  assert.ok('groups' in made, JSON.stringify(made));
  return made;
};
const rule = (file: RuleFile, id: string) => {
  const found = file.groups[0]!.rules.find(({ alert }) => alert === id);
  assert.ok(found, id);
  return found;
};

/** The first rule that reads one counter only, in every form that a page may have. */
const FORMS: readonly [string, string, string][] = [
  ['jmx_exporter-default.txt', 'io_conduktor_connect_otel_OpenTelemetryConnector_TracesDropped', 'name="\\"otlp-source\\""'],
  ['jmx_exporter-lower.txt', 'io_conduktor_connect_otel_opentelemetryconnector_tracesdropped', 'name="\\"otlp-source\\""'],
  ['jmx_exporter-runbook.txt', 'otlp_TracesDropped', 'connector_name="otlp-source"'],
];
for (const [file, name, label] of FORMS)
  for (const form of [file, file.replace('.txt', '.openmetrics.txt')])
    test(`rules speak the names of ${form}`, () => {
      const made = whole(ruleFile({ connector: 'otlp-source', form: CONNECTOR, names: namesOn(page(form)) }));
      assert.equal(rule(made, 'TracesQueueDropping').expr, `increase(${name}{${label}}[5m]) > 0`);
      assert.equal(made.groups[0]!.rules.length, 15);
    });

test('a page with counters that end in _total, in snake case or under another label is spoken to as it is', () => {
  const text = page('jmx_exporter-runbook.txt')
    .replaceAll('otlp_TracesDropped', 'otlp_tracesdropped_total')
    .replaceAll('connector_name=', 'connector=');
  const made = whole(ruleFile({ connector: 'otlp-source', form: CONNECTOR, names: namesOn(text) }));
  assert.equal(rule(made, 'TracesQueueDropping').expr, 'increase(otlp_tracesdropped_total{connector="otlp-source"}[5m]) > 0');
});

test('a page with two connectors has names for the one that is named, and for none unnamed', () => {
  const text = page('jmx_exporter-runbook.txt');
  const two = text + text.replaceAll('otlp-source', 'otlp-b');
  assert.equal(namesOn(two, 'otlp-b').label.value, 'otlp-b');
  assert.ok('failure' in readNames(two, null, 'u'));
  assert.ok('failure' in readNames(text, 'other', 'u'));
});

test('where an attribute has no series there is no file, and the alert that needs it is named', () => {
  const names = namesOn(page('jmx_exporter-runbook.txt').replaceAll(/^otlp_LogsDropped.*$/gm, ''));
  const made = ruleFile({ connector: 'otlp-source', form: CONNECTOR, names });
  assert.ok('missing' in made);
  assert.deepEqual(made.missing['LogsQueueDropping'], ['LogsDropped']);
  const only = whole(ruleFile({ connector: 'otlp-source', form: CONNECTOR, names, ids: ['TracesQueueDropping', 'OTLPMetricsAbsent'] }));
  assert.deepEqual(rule(only, 'OTLPMetricsAbsent').expr, 'absent(otlp_TracesDropped{connector_name="otlp-source"})');
});

test('the size of the queues is in the rules, and without it there are none', () => {
  const names = namesOf('runbook', 'otlp-source');
  assert.match(
    rule(whole(ruleFile({ connector: 'c', form: { ...CONNECTOR, queueSize: 2500 }, names })), 'HighQueueUtilization').expr,
    / \* 2500\) > 80$/,
  );
  const made = ruleFile({ connector: 'c', form: { ...CONNECTOR, queueSize: null }, names });
  assert.deepEqual(made, { sizeWanted: ['HighProcessingLag', 'HighQueueUtilization'] });
});

test("the connector's dead gauges and its DropRate are in no rule; a bridge's gauges are", () => {
  const text = JSON.stringify(ruleFile({ connector: 'c', form: CONNECTOR, names: namesOf('runbook', 'c') }));
  for (const name of ['QueueSize', 'QueueCapacity', 'MaxQueueUtilizationPercent', 'DropRate{', 'Refused'])
    assert.ok(!text.includes(name), name);
  const bridge = whole(ruleFile({ connector: 'c', form: BRIDGE, names: namesOf('bridge', 'c') }));
  assert.equal(rule(bridge, 'HighQueueUtilization').expr, 'otlp_MaxQueueUtilizationPercent{connector_name="c"} > 80');
  assert.equal(rule(bridge, 'LogsQueueRefusing').expr, 'increase(otlp_LogsRefused{connector_name="c"}[5m]) > 0');
  assert.ok(bridge.groups[0]!.rules.every(({ alert }) => alert !== 'OTLPPollCeiling'));
});

test("the runbook's times, and others where they are given", () => {
  const request = { connector: 'c', form: CONNECTOR, names: namesOf('runbook', 'c') };
  const times = Object.fromEntries(whole(ruleFile(request)).groups[0]!.rules.map((one) => [one.alert, one.for]));
  assert.deepEqual(
    ['OTLPNoMessagesReceived', 'HighMessageDropRate', 'HighProcessingLag', 'HighQueueUtilization', 'TracesQueueDropping'].map(
      (id) => times[id],
    ),
    ['5m', '5m', '5m', '3m', undefined],
  );
  const quick = rule(whole(ruleFile({ ...request, rangeSeconds: 90, forSeconds: 7200 })), 'HighMessageDropRate');
  assert.deepEqual([quick.for, quick.expr.includes('[90s]'), quick.expr.includes('[5m]')], ['2h', true, false]);
});

test('a name with quotes, braces and stars stands in expressions and texts as what it is', () => {
  const name = 'otlp "eu" *? {{ $x }}';
  const made = whole(ruleFile({ connector: name, form: CONNECTOR, names: namesOf('jmx-exporter', name) }));
  assert.match(rule(made, 'TracesQueueDropping').expr, /\{name="\\"otlp \\\\\\"eu\\\\\\" \\\\\*\\\\\? \{\{ \$x \}\}\\""\}/);
  assert.equal(rule(made, 'TracesQueueDropping').labels['connector_name'], 'otlp "eu" *? {{ "{{" }} $x }}');
  // Under the runbook's names the label is what a rule of jmx_exporter captures between the quotes; the bridge writes the name itself.
  assert.equal(namesOf('runbook', name).label.value, 'otlp \\"eu\\" \\*\\? {{ $x }}');
  assert.equal(namesOf('bridge', name).label.value, name);
});

test('every naming has every attribute that rules for it read, and each alert stands in some file', () => {
  const seen = new Set<string>();
  for (const naming of Object.keys(NAMINGS) as Naming[])
    for (const { alert, annotations } of whole(
      ruleFile({ connector: 'c', form: NAMINGS[naming].kind === 'bridge' ? BRIDGE : CONNECTOR, names: namesOf(naming, 'c') }),
    ).groups[0]!.rules) {
      seen.add(alert);
      assert.ok(!/CONNECTOR|VALUE/.test(JSON.stringify(annotations)), alert);
    }
  assert.deepEqual([...seen].sort(), [...ALERT_IDS].sort());
});

test('the configuration of jmx_exporter turns what it is shown into the names of the runbook', () => {
  // As jmx_exporter writes a bean for its rules, in either order of properties. Source: jmx_exporter, JmxCollector.
  const shown = [
    ['io.conduktor.connect.otel<type=OpenTelemetryConnector, name="otlp-source"><>TracesReceived', 'otlp-source'],
    ['io.conduktor.connect.otel<name="otlp-source", type=OpenTelemetryConnector><>TracesReceived', 'otlp-source'],
    ['io.conduktor.connect.otel<type=OpenTelemetryConnector, name=plain><>TracesReceived', 'plain'],
    ['io.conduktor.connect.otel<type=OpenTelemetryConnector, name="a \\"b\\" c"><>TracesReceived', 'a \\"b\\" c'],
  ] as const;
  const { rules } = jmxExporterConfig();
  for (const [bean, connector] of shown) {
    const first = rules
      .map(({ pattern, name }) => ({ found: new RegExp(`^.*(?:${pattern}).*$`).exec(bean), name }))
      .find(({ found }) => found !== null);
    assert.equal(first?.name?.replace('$2', first.found![2]!), 'otlp_TracesReceived', bean);
    assert.equal(first?.found![1], connector);
  }
  const kafka = 'kafka.connect<type=source-task-metrics, connector=otlp-source, task=0><>source-record-write-total';
  assert.ok(rules.some(({ pattern, name }) => name === undefined && new RegExp(pattern).test(kafka)));
});

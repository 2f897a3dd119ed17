import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { pagesOf } from '../../checks/catalogue/explain.ts';
import { RULES } from '../../checks/rules/index.ts';
import { EVERY_STEP } from '../../checks/steps/on-demand.ts';
import { explainText } from '../../cli/render/explain.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

const LINE = '[2026-11-23 16:41:14,154] WARN [otlp-source|task-0] event=trace_dropped reason=queue_full queue_size=100';

test('a log line is explained', async () => {
  const { code, stdout, stderr } = await otlpctl(['explain', LINE]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^trace_dropped {3}event\n {2}Log event trace_dropped \(WARN, a warning\)\n/);
  assert.match(stdout, /^See also\n {2}queue-overflow, poll-ceiling, drop-rate, queue-size$/m);
});

test('explain --format json: one document in the shape that scripts rely on', async () => {
  const { code, stdout, stderr } = await otlpctl(['explain', 'TracesQueueSize', '--format', 'json']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.deepEqual(JSON.parse(stdout), {
    schemaVersion: 1,
    id: 'TracesQueueSize',
    kind: 'attribute',
    title: 'Metric TracesQueueSize, in messages',
    text: [
      'Export requests of traces waiting in their queue; always 0 on the connector.',
      'A gauge: the connector never sets it and it reads 0 whatever happens (QueueCapacity 0 is the sign); on the bridge it is live.',
      'An attribute of the MBean io.conduktor.connect.otel:type=OpenTelemetryConnector,* on the worker that runs the task; the name in it is quoted.',
    ],
    commands: ['otlpctl metrics'],
    seeAlso: ['queue-utilization', 'gauges-dead', 'HighQueueUtilization', 'task_metrics'],
  });
});

test('words without quotes are one line too', async () => {
  const { code, stdout } = await otlpctl(['explain', 'Failed', 'to', 'start', 'gRPC', 'server']);
  assert.equal(code, 0);
  assert.match(stdout, /^Failed to start gRPC server {3}event\n {2}Failed to start gRPC server: never logged\n/);
});

const WRONG: readonly [string[], string][] = [
  [['explain', 'all is well today'], 'there is no page on "all is well today", see otlpctl runbook list'],
  [['explain', 'y'.repeat(200)], `there is no page on "${'y'.repeat(57)}...", see otlpctl runbook list`],
];

for (const [args, sentence] of WRONG) {
  test(`${args.join(' ').slice(0, 40)} is refused in one sentence, exit 3`, async () => {
    const ran = await otlpctl(args);
    assert.deepEqual(ran, { code: 3, stdout: '', stderr: `otlpctl: ${sentence}\n` });
  });
}

const pages = pagesOf(EVERY_STEP, RULES);

test('lines keep to 80 columns, but for commands', () => {
  const long = pages.flatMap((page) => {
    const commands = page.commands.flatMap((command) => command.split('\n'));
    return explainText(page, { columns: 80, colour: false })
      .split('\n')
      .filter((line) => line.length > 80 && !commands.includes(line.trim()));
  });
  assert.deepEqual(long, []);
});

test('colour changes no word', () => {
  for (const page of pages.slice(0, 5)) {
    const coloured = explainText(page, { columns: 80, colour: true });
    assert.notEqual(coloured, stripVTControlCharacters(coloured));
    assert.equal(stripVTControlCharacters(coloured), explainText(page, { columns: 80, colour: false }));
  }
});

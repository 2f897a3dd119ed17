import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { findPage, pagesOf } from '../../../checks/catalogue/explain.ts';
import { PAGE_KINDS, type PageKind } from '../../../checks/catalogue/page.ts';
import { COMING_DIAGNOSES } from '../../../checks/catalogue/pages/coming-diagnoses.ts';
import { catalogueOf } from '../../../checks/catalogue/runbook.ts';
import { MARKS } from '../../../checks/probes/log-marks.ts';
import { RULES } from '../../../checks/rules/index.ts';
import { EVERY_STEP } from '../../../checks/steps/on-demand.ts';
import { ATTRIBUTES, BRIDGE_ATTRIBUTES, CONNECTOR_NAME_ATTRIBUTE } from '../../../proto/vocabulary/attributes.ts';
import { LOG_EVENTS, NEVER_LOGGED } from '../../../proto/vocabulary/events.ts';
import { CONNECTOR_KEYS } from '../../../proto/vocabulary/keys.ts';

const pages = pagesOf(EVERY_STEP, RULES);
const page = (asked: string) => findPage(asked, pages);

/** Ids that scripts and people rely on, whether a rule can prove them yet or not. */
const PROMISED = `
  metrics-unavailable metrics-absent metrics-stale metrics-of-other-worker log-unavailable wrong-cluster proxy-environment
  worker-down worker-frozen worker-starting worker-lost worker-exhausted
  connect-unreachable connect-unresponsive connect-unauthorized connect-not-connect connect-scheme-mismatch connect-rebalancing
  connector-not-found connector-not-otlp connector-failed connector-paused connector-stopped configuration-invalid configuration-reset
  task-missing task-unassigned task-failed task-elsewhere configuration-drift receiver-disabled
  port-in-use port-permission-denied plugin-missing tls-files-unreadable record-too-large kafka-authorization-denied topic-create-failed
  converter-mismatch receiver-not-listening receiver-unreachable receiver-bound-to-loopback receiver-unresponsive port-held-by-other
  tls-mismatch proxy-in-the-way tls-ignored no-traffic traffic-stopped idle client-protocol-mismatch client-wrong-path
  client-wrong-address client-proxy client-not-exporting client-rejected signal-unused queue-overflow queue-near-capacity poll-ceiling
  memory-pressure gauges-dead past-drops counters-restarted kafka-unreachable kafka-unresponsive kafka-advertised-unreachable kafka-slow
  kafka-throttled topic-missing topic-not-writable topic-misconfigured topic-under-partitioned log-errors`
  .trim()
  .split(/\s+/);

const EXPECTED: Readonly<Partial<Record<PageKind, readonly string[]>>> = {
  check: EVERY_STEP.map(({ id }) => id),
  diagnosis: [...PROMISED, ...RULES.map(({ id }) => id)],
  attribute: [...ATTRIBUTES, ...BRIDGE_ATTRIBUTES].map(({ name }) => name).concat(CONNECTOR_NAME_ATTRIBUTE),
  key: CONNECTOR_KEYS.map(({ name }) => name),
  event: [...LOG_EVENTS.map(({ name }) => name), ...NEVER_LOGGED.map((text) => text.replace('event=', ''))],
  alert: [
    'OTLPNoMessagesReceived',
    'HighMessageDropRate',
    'HighProcessingLag',
    'HighQueueUtilization',
    'TracesQueueDropping',
    'MetricsQueueDropping',
    'LogsQueueDropping',
  ],
};

for (const [kind, ids] of Object.entries(EXPECTED)) {
  test(`every ${kind} has a page`, () => {
    const there = new Set(pages.filter((one) => one.kind === kind).map(({ id }) => id));
    assert.deepEqual(
      ids.filter((id) => !there.has(id)),
      [],
    );
  });
}

test('every step of the runbook has a page', () => {
  const without = catalogueOf(EVERY_STEP).filter(({ id, kind }) => page(id)?.id !== id || page(id)?.kind !== kind);
  assert.deepEqual(without, []);
});

test('every mark of the log has a page', () => {
  const pageless = MARKS.filter(({ any }) => page(any[0]!) === undefined).map(({ key }) => key);
  assert.deepEqual(pageless, []);
});

test('a page is kept for a cause only as long as no rule has it', () => {
  const ruled = new Set(RULES.map(({ id }) => id));
  const both = COMING_DIAGNOSES.filter(({ id }) => ruled.has(id)).map(({ id }) => id);
  assert.deepEqual(both, [], 'has a rule now: take it out of coming-diagnoses.ts');
});

test('no id stands for two pages, in whatever case', () => {
  const ids = pages.map(({ id }) => id.toLowerCase());
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
  );
});

test('every page says something, in sentences', () => {
  for (const { id, kind, title, text } of pages) {
    assert.ok(PAGE_KINDS.includes(kind), id);
    assert.ok(title.length > 5 && !title.includes('\n'), id);
    assert.ok(text.length > 0, id);
    for (const paragraph of text) assert.match(paragraph, /^[A-Z`"(A-Za-z].*[.:?!)]$/s, `${id}: ${paragraph}`);
  }
});

test('see also leads to pages, and never back to itself', () => {
  const known = new Set(pages.map(({ id }) => id));
  const lost = pages.flatMap(({ id, seeAlso }) =>
    seeAlso.filter((other) => !known.has(other) || other === id).map((other) => `${id} -> ${other}`),
  );
  assert.deepEqual(lost, []);
});

test('a page gives no otlpctl command that does not exist', () => {
  const commands = pages.flatMap(({ commands: all }) => all).filter((command) => command.startsWith('otlpctl '));
  const missing = commands.filter((command) => {
    const words = command.split(' ').slice(1);
    const files = [1, 2, 3].map((count) => `../../../cli/commands/${words.slice(0, count).join('/')}.ts`);
    return !files.some((file) => existsSync(new URL(file, import.meta.url)));
  });
  assert.deepEqual([...new Set(missing)], []);
});

/** Log lines as they were recorded, or as clients print them, and the page each leads to. */
const LINES: readonly [string, string][] = [
  [
    '[2026-11-23 16:41:14,154] WARN [otlp-source|task-0] event=trace_dropped reason=queue_full queue_size=100 (io.conduktor.connect.otel.OtlpReceiver:393)',
    'trace_dropped',
  ],
  ['event=trace_received', 'trace_received'],
  ['ERROR Failed to start gRPC server', 'Failed to start gRPC server'],
  ['[…] ERROR event=http_channel_error error=Connection reset (io.conduktor.connect.otel.OtlpReceiver:513)', 'http_channel_error'],
  ['INFO event=task_metrics records_produced=10 traces_queue_size=9000 status=HIGH_QUEUE_UTILIZATION', 'task_metrics'],
  [
    '[2026-11-23 16:07:36,675] ERROR [otlp-source|task-0] event=otlp_receiver_start_failed error=Failed to bind to address /127.0.0.1:4317',
    'otlp_receiver_start_failed',
  ],
  ['Caused by: …Errors$NativeIoException: bind(..) failed: Address already in use', 'port-in-use'],
  ['java.lang.RuntimeException: Failed to start OTLP receiver', 'receiver-start'],
  ['Caused by: java.net.SocketException: Permission denied', 'permission-denied'],
  [
    'WARN [otlp-source|task-0] Session ID changed for TRACES - Previous: ef46c149, Current: 7efa91c7. This indicates a connector restart.',
    'session-changed',
  ],
  ['WARN Broker coordinator was unreachable for 3000ms. Revoking previous assignment', 'coordinator-unreachable'],
  ['ERROR Graceful stop of task otlp-source-0 failed. (org.apache.kafka.connect.runtime.Worker:1075)', 'graceful-stop-failed'],
  [
    'ERROR WorkerSourceTask{id=otlp-source-0} Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted',
    'task-killed',
  ],
  [
    'org.apache.kafka.common.errors.RecordTooLargeException: The message is 1398170 bytes when serialized which is larger than 1048576',
    'record-too-large',
  ],
  [
    'The metadata response from the cluster reported a recoverable issue with correlation id 4 : {otlp-traces=UNKNOWN_TOPIC_OR_PARTITION}',
    'unknown-topic',
  ],
  ['Connection to node 1 (/127.0.0.1:9092) could not be established. Node may not be available.', 'broker-refuses'],
  ['Failed to find any class that implements Connector and which name matches io.conduktor…', 'plugin-missing'],
  ['org.apache.kafka.connect.errors.DataException: Invalid schema type for ByteArrayConverter: STRING', 'converter-mismatch'],
  ['Failed to list services: server does not support the reflection API', 'grpc-reflection'],
  ['{"error":"Queue full"}', 'queue-overflow'],
  ['Unknown endpoint: /', 'client-wrong-path'],
  ['DropRate metric > 1%', 'DropRate'],
  ['"otlp.message.queue.size": "50000"', 'otlp.message.queue.size'],
  ['Port-In-Use', 'port-in-use'],
];

for (const [line, id] of LINES) test(`"${line.slice(0, 60)}" leads to ${id}`, () => assert.equal(page(line)?.id, id));

for (const line of ['', 'all is well', 'event=moon_full', 'DropRate and TracesDropped', 'constructor', '__proto__', 'x'.repeat(100_000)])
  test(`"${line.slice(0, 30)}" leads nowhere`, () => assert.equal(page(line), undefined));

test("the page of a planned step says so and gives only the runbook's commands", () => {
  // Without the checks their steps are planned.
  const { kind, text, commands } = findPage('broker-load', pagesOf([], RULES))!;
  assert.equal(kind, 'check');
  assert.ok(text.includes('The command for it comes in a later version of otlpctl.'));
  assert.equal(commands[0], 'iostat -xz 1');
});

test('the page of a key has its range and default', () => {
  assert.deepEqual(page('otlp.message.queue.size')!.text.slice(0, 2), [
    'Export requests that each of the three queues holds.',
    'Takes a whole number from 100 to 1000000; default 10000.',
  ]);
});

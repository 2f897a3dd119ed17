import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { exportRequest } from '../doubles/load.ts';
import { listen } from '../doubles/listen.ts';
import { until } from '../doubles/until.ts';
import { loadRecording } from '../recorded.ts';
import { connectorOn } from './stand/connector-on.ts';
import { anonymous, connectorLines } from './stand/log.ts';
import { overGrpc } from './stand/otlp-clients.ts';
import { freePorts } from './stand/ports.ts';
import { sharedStand } from './stand/shared.ts';

/** The stand-in's log lines, word for word and in order, held against the real connector's. */
const EVENTS = { first: 'event=task_stopping', last: 'event=task_started' };

/** The connector's lines from the first with `first` to the next with `last`, names and numbers taken out. */
function span(lines: readonly string[], name: string, { first, last }: { first: string; last: string }): string[] {
  const own = connectorLines(lines);
  const from = own.findIndex(({ message }) => message.includes(first));
  const to = own.findIndex(({ message }, i) => i > from && message.includes(last));
  return from < 0 || to < 0 ? [] : own.slice(from, to + 1).map((line) => anonymous(line, name));
}

/** Topics are the test's own; what the task had stored before is the same: an offset of traces and of logs, none of metrics. */
const topics = (line: string): string => line.replace(/topics=\S+/, 'topics=A,B,C');

for (const [version, recording] of [
  ['3.9.1', 'overload-drops'],
  ['4.1.0', 'kafka-4.1/record-too-large'],
] as const) {
  test(`Kafka ${version}: stop and start after a change of configuration log the recorded lines in order`, async (t) => {
    const recorded = span(loadRecording(recording).log.lines, 'otlp-source', EVENTS).map(topics);
    assert.ok(recorded.length > 20, `the recording has ${recorded.length} lines of it`);
    const stand = await sharedStand(version);
    const connector = await connectorOn(t, stand);
    await overGrpc(connector.grpc, 'traces', exportRequest('traces', 'a'));
    if (recorded.some((line) => line.includes('Restored offset state for LOGS')))
      await overGrpc(connector.grpc, 'logs', exportRequest('logs', 'a'));
    await connector.beanWhen('all produced', (bean) => bean.TotalMessagesReceived! > 0 && bean.TotalLagCount === 0);
    // Stopping commits the offsets, so that the next start restores them; the start after that is the one to compare.
    await connector.ask('POST', '/tasks/0/restart');
    await until('the first restart', () => (span(connector.log(), connector.name, EVENTS).length > 0 ? true : undefined));
    const skip = connector.log().length - 1;
    await connector.ask('POST', '/tasks/0/restart');
    const said = await until('the second restart', () => {
      const lines = span(connector.log().slice(skip), connector.name, EVENTS);
      return lines.length > 0 ? lines : undefined;
    });
    assert.deepEqual(said.map(topics), recorded);
  });
}

test('Kafka 3.9.1: a start that fails on a taken port logs the recorded lines in order', async (t) => {
  const edges = { first: 'event=otlp_receiver_starting', last: 'event=task_stopped' };
  const recorded = span(loadRecording('port-taken-grpc').log.lines, 'otlp-source', edges);
  const stand = await sharedStand('3.9.1');
  const squatter = await listen(createServer());
  t.after(squatter.close);
  const [http] = (await freePorts(1)) as [number];
  const connector = await connectorOn(t, stand, {}, { awaiting: false, ports: [squatter.port, http] });
  await connector.settled('RUNNING', 'FAILED');
  const said = span(connector.log(), connector.name, edges);
  assert.deepEqual(said.map(address), recorded.map(address));
});

const address = (line: string): string => line.replace(/\/127\.0\.0\.1:\w+/, '/ADDRESS');

test('Kafka 3.9.1: TLS is accepted, ignored and said to be', async (t) => {
  const edges = { first: 'event=otlp_receiver_starting', last: 'event=task_started' };
  const recorded = span(loadRecording('tls-ignored').log.lines, 'otlp-source', edges);
  const connector = await connectorOn(t, await sharedStand('3.9.1'), { 'otlp.tls.enabled': 'true' });
  assert.deepEqual(span(connector.log(), connector.name, edges), recorded);
});

test('Kafka 3.9.1: a start says what is configured, in the recorded lines', async (t) => {
  const edges = { first: 'Starting OpenTelemetry', last: 'Creating task configurations' };
  const recorded = span(loadRecording('two-connectors-same-ports').log.lines, 'otlp-b', edges);
  assert.equal(recorded.length, 5);
  const connector = await connectorOn(t, await sharedStand('3.9.1'));
  const ports = (line: string): string =>
    line.replaceAll(/abled:\w+/g, 'abled:PORT').replace(/Traces: .*, Metrics: .*, Logs: \S+/, 'TOPICS');
  assert.deepEqual(span(connector.log(), connector.name, edges).map(ports), recorded.map(ports));
});

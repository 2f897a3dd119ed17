import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { load } from '../doubles/load.ts';
import { TOOLS } from './tools.ts';
import { connectorOn } from './stand/connector-on.ts';
import { sharedStand } from './stand/shared.ts';
import type { KafkaVersion } from './stand/settings.ts';
import { otlpctl } from '../doubles/otlpctl.ts';

/** A KAFKA_HOME as Kafka's archive has it, as far as its jars go: the stand has no scripts. */
function kafkaHome(version: KafkaVersion): string {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-kafka-home-'));
  mkdirSync(join(folder, 'bin'));
  const script = join(folder, 'bin/kafka-run-class.sh');
  writeFileSync(script, `#!/bin/sh\nexec java $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS -cp '${TOOLS}/kafka-${version}/*' "$@"\n`);
  chmodSync(script, 0o755);
  return folder;
}

type Rows = { kind: string; attributes: { name: string; value: number | null; perSecond: number | null }[] };
const values = ({ attributes }: Rows) => Object.fromEntries(attributes.map(({ name, value }) => [name, value]));

for (const version of ['3.9.1', '4.1.0'] as const)
  test(`the JmxTool of Kafka ${version} gives the counters that Jolokia gives`, async (t) => {
    const stand = await sharedStand(version);
    const home = kafkaHome(version);
    t.after(() => rmSync(home, { recursive: true }));
    const connector = await connectorOn(t, stand);
    const { jmxUrl } = stand.workers[0]!;
    const env = { KAFKA_HOME: home };
    const target = ['--connect-url', stand.connectUrl, '--connector', connector.name];
    const metrics = async (...args: string[]): Promise<Rows> => {
      const ran = await otlpctl(['metrics', ...target, '--format', 'json', '--timeout', '30', ...args], { env });
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
      return JSON.parse(ran.stdout) as Rows;
    };

    const stop = new AbortController();
    t.after(() => stop.abort());
    const sending = load({ port: connector.http, signal: 'traces', perSecond: 20 }, stop.signal);
    await connector.beanWhen('traces to be written', ({ RecordsProduced }) => (RecordsProduced ?? 0) > 0);

    const windowed = await metrics('--jmx-url', jmxUrl, '--window', '3');
    const received = windowed.attributes.find(({ name }) => name === 'TracesReceived')?.perSecond ?? 0;
    assert.ok(received > 10 && received < 30, `20 a second were sent, ${received} were seen`);

    const doctor = await otlpctl(['doctor', ...target, '--jmx-url', jmxUrl, '--window', '3', '--timeout', '30', '--format', 'json'], {
      env,
    });
    const report = JSON.parse(doctor.stdout) as { status: string; steps: { id: string; status: string; sentence: string }[] };
    assert.deepEqual([doctor.code, report.status], [0, 'ok'], doctor.stdout);
    const step = (id: string) => report.steps.find((one) => one.id === id);
    assert.match(step('metrics-source')?.sentence ?? '', /^JMX at service:jmx:\S+: 16 attributes, 2 readings over \d/);
    for (const id of ['metrics-source', 'message-intake', 'sink-progress', 'worker-memory', 'producer-state'])
      assert.equal(step(id)?.status, 'ok', JSON.stringify(step(id)));

    for (const window of ['0', '2']) {
      const sources = ['--metrics-url', stand.jolokiaUrl, '--jmx-url', jmxUrl];
      const both = await otlpctl(['doctor', ...target, ...sources, '--window', window, '--timeout', '30', '--format', 'json'], { env });
      const seen = JSON.parse(both.stdout) as typeof report & { diagnoses: { id: string }[] };
      assert.deepEqual([both.code, seen.status], [0, 'ok'], `traffic between two readings is no disagreement: ${both.stdout}`);
      assert.match(
        seen.steps.find(({ id }) => id === 'metrics-source')?.sentence ?? '',
        /^Jolokia at .*; JmxTool service:jmx:\S+ was read too\.$/,
      );
    }

    const health = await otlpctl(['health', ...target, '--jmx-url', jmxUrl], { env });
    assert.match(health.stdout, /^OTLP OK - .*'received'=[1-9]\d*c/);

    stop.abort();
    await sending;
    await connector.beanWhen('the queues to be empty', ({ TotalLagCount }) => TotalLagCount === 0);
    const [jmx, jolokia] = [
      await metrics('--jmx-url', jmxUrl, '--window', '0'),
      await metrics('--metrics-url', stand.jolokiaUrl, '--window', '0'),
    ];
    assert.deepEqual([jmx.kind, jolokia.kind], ['jmx', 'jolokia']);
    assert.deepEqual(values(jmx), values(jolokia));
    assert.ok((values(jmx)['TracesReceived'] ?? 0) >= 60);
  });

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import kafkajs from 'kafkajs';
import { splitAddress } from '../../checks/address.ts';
import { diagnose } from '../../checks/diagnose.ts';
import { gather, probesFor } from '../../checks/gather.ts';
import { EVERY_PROBE } from '../../checks/probes/on-demand.ts';
import { RULES } from '../../checks/rules/index.ts';
import { ON_DEMAND_STEPS, stepsOf } from '../../checks/steps/on-demand.ts';
import type { Target } from '../../checks/target.ts';
import { THRESHOLDS } from '../../checks/thresholds.ts';
import { load } from '../doubles/load.ts';
import { settings } from '../doubles/settings.ts';
import { until } from '../doubles/until.ts';
import { connectorOn } from './stand/connector-on.ts';
import { freePorts } from './stand/ports.ts';
import { jmxOptions, startStand } from './stand/stand.ts';
import { TOOLS } from './tools.ts';

const { Kafka, logLevel } = kafkajs;

for (const version of ['3.9.1', '4.1.0'] as const)
  test(`Kafka ${version}: how busy a broker is by Jolokia and by JMX, and which groups keep up`, async (t) => {
    const [jolokia, jmx] = (await freePorts(2)) as [number, number];
    const agent = `${TOOLS}/agents/jolokia-agent-jvm-2.6.0-javaagent.jar`;
    const stand = await startStand({
      kafka: version,
      worker: { 'producer.batch.size': '20000', 'producer.compression.type': 'gzip' },
      brokerJvm: [...jmxOptions(jmx), `-javaagent:${agent}=port=${jolokia},host=127.0.0.1`],
    });
    t.after(stand.stop);
    const connector = await connectorOn({ after: () => undefined }, stand, { 'producer.override.linger.ms': '7' });
    const home = join(stand.folder, 'home');
    mkdirSync(join(home, 'bin'), { recursive: true });
    const script = join(home, 'bin/kafka-run-class.sh');
    writeFileSync(script, `#!/bin/sh\nexec java $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS -cp '${TOOLS}/kafka-${version}/*' "$@"\n`);
    chmodSync(script, 0o755);
    const stop = new AbortController();
    t.after(() => stop.abort());
    const sending = load({ port: connector.http, signal: 'traces', perSecond: 50 }, stop.signal);
    await connector.beanWhen('traces to be written', ({ RecordsProduced }) => (RecordsProduced ?? 0) > 10);

    const look = async (id: string, more: Partial<Target>, windowMs = 2000) => {
      const target = { connectUrl: new URL(stand.connectUrl), connector: connector.name, ...more };
      const step = ON_DEMAND_STEPS.find((one) => one.id === id)!;
      const facts = await gather(
        target,
        settings({ timeoutMs: 30_000, windowMs, env: { ...process.env, KAFKA_HOME: home }, now: Date.now }),
        probesFor(['target', 'rest.root', ...step.needs], EVERY_PROBE),
      );
      const found = diagnose(facts, THRESHOLDS, RULES, stepsOf(facts, [id])).steps.find((one) => one.id === id)!;
      return { facts, ...found };
    };

    const kafkaMetricsUrl = new URL(`http://127.0.0.1:${jolokia}/jolokia/`);
    const byAgent = await look('broker-metrics', { kafkaMetricsUrl });
    assert.equal(byAgent.status, 'ok', byAgent.sentence);
    assert.match(
      byAgent.sentence,
      /^The broker has room: \d+ messages\/s, .*request handlers idle \d+ % of the time and 0 under-replicated partitions over/,
    );
    const perSecond = Number(/(\d+) messages\/s/.exec(byAgent.sentence)?.[1]);
    assert.ok(perSecond >= 40, `50 a second are sent: ${byAgent.sentence}`);
    const byJmx = await look('broker-metrics', { kafkaJmxUrl: `service:jmx:rmi:///jndi/rmi://127.0.0.1:${jmx}/jmxrmi` }, 0);
    assert.equal(byJmx.status, 'ok', byJmx.sentence);
    const values = (facts: typeof byJmx.facts) =>
      Object.keys(('value' in facts['kafka.load'] ? facts['kafka.load'].value.samples[0]?.values : {}) ?? {}).sort();
    assert.deepEqual(values(byJmx.facts), values(byAgent.facts));
    const ofWorker = await look('broker-metrics', { kafkaMetricsUrl: new URL(stand.jolokiaUrl) }, 0);
    assert.deepEqual(
      [ofWorker.status, /none of the metrics of a Kafka broker/.test(ofWorker.sentence)],
      ['unknown', true],
      ofWorker.sentence,
    );

    // The worker writes what is in force into its log when it makes a producer.
    const logged = (key: string): string | undefined =>
      connector
        .log()
        .map((line) => new RegExp(`^\\t${key.replaceAll('.', '\\.')} = (.*)$`).exec(line)?.[1])
        .findLast((value) => value !== undefined);
    const producer = await look('producer-configuration', {}, 0);
    assert.equal(producer.status, 'ok', producer.sentence);
    const told = Object.fromEntries([...producer.sentence.matchAll(/([a-z.]+)=(\S+) \(/g)].map(([, key = '', value]) => [key, value]));
    assert.deepEqual([told['linger.ms'], told['batch.size'], told['compression.type']], ['7', '20000', 'gzip']);
    for (const [key, value] of Object.entries(told)) {
      const inLog = logged(key);
      assert.equal(key === 'acks' && inLog === '-1' ? 'all' : inLog, value, key);
    }
    assert.ok(Object.keys(told).length >= 7, producer.sentence);

    const kafka = [splitAddress(stand.kafka)!];
    const none = await look('consumer-lag', { kafka }, 0);
    assert.match(none.sentence, /^No consumer group has committed offsets on the topics, of \d+ that were asked\.$/);
    const group = `${connector.name}-readers`;
    const consumer = new Kafka({ brokers: [stand.kafka], logLevel: logLevel.NOTHING }).consumer({ groupId: group });
    await consumer.connect();
    t.after(() => consumer.disconnect().catch(() => undefined));
    await consumer.subscribe({ topics: [connector.topics.traces], fromBeginning: true });
    let read = 0;
    await consumer.run({ autoCommitThreshold: 1, eachMessage: async () => void (read += 1) });
    await until('the group to have read', async () => read > 20 || undefined, 30_000);
    const keeps = await until('the group to have committed', async () => {
      const seen = await look('consumer-lag', { kafka });
      return seen.sentence.includes(group) ? seen : undefined;
    });
    assert.equal(keeps.status, 'ok', keeps.sentence);
    assert.match(keeps.sentence, new RegExp(`^Consumers keep up: ${group} \\(Stable, 1 member\\) is `));
    await consumer.disconnect();
    const behind = await until(
      'the group to be left behind',
      async () => {
        const seen = await look('consumer-lag', { kafka });
        return seen.status === 'warning' ? seen : undefined;
      },
      30_000,
    );
    assert.match(
      behind.sentence,
      new RegExp(
        `^${group} falls behind, by [\\d,]+ records over .* \\(Empty, nobody reads\\) is behind by [\\d,]+ on ${connector.topics.traces}`,
      ),
    );
    stop.abort();
    await sending;
  });

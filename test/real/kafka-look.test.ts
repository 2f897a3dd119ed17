import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import kafkajs from 'kafkajs';
import { splitAddress } from '../../checks/address.ts';
import { diagnose } from '../../checks/diagnose.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { gather } from '../../checks/gather.ts';
import type { Report } from '../../checks/report.ts';
import { load } from '../doubles/load.ts';
import { settings } from '../doubles/settings.ts';
import { until } from '../doubles/until.ts';
import { connectorOn } from './stand/connector-on.ts';
import { startStand } from './stand/stand.ts';
import type { Stand } from './stand/stand.ts';

const { Kafka, logLevel } = kafkajs;

/** Some seconds pass until a worker notices that its group's coordinator is gone: session.timeout.ms, 10 s. */
const NOTICED_MS = 60_000;

/** A client of its own, to see beside the look what is there. */
async function withAdmin<T>(stand: Stand, ask: (admin: ReturnType<InstanceType<typeof Kafka>['admin']>) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [stand.kafka], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

for (const version of ['3.9.1', '4.1.0'] as const)
  test(`Kafka ${version} is looked at itself: healthy, a topic missing, frozen, killed, advertised wrongly`, async (t) => {
    const stand = await startStand({ kafka: version, broker: { 'auto.create.topics.enable': 'false' } });
    t.after(stand.stop);
    const connector = await connectorOn({ after: () => undefined }, stand);
    const { traces, metrics, logs } = connector.topics;
    const look = async (windowMs = 0): Promise<{ facts: Facts; report: Report }> => {
      const facts = await gather(
        {
          connectUrl: new URL(stand.connectUrl),
          connector: connector.name,
          metricsUrl: new URL(stand.jolokiaUrl),
          logFile: stand.logFile,
          kafka: [splitAddress(stand.kafka)!],
        },
        settings({ timeoutMs: 10_000, windowMs, given: ['kafka', 'connector', 'metrics-url', 'log-file'], now: Date.now }),
      );
      return { facts, report: diagnose(facts) };
    };
    const first = ({ report }: { report: Report }): string => report.diagnoses.find(({ status }) => status !== 'ok')?.id ?? report.status;
    const step = ({ report }: { report: Report }, id: string) => {
      const { status, because } = report.steps.find((one) => one.id === id)!;
      return { status, because };
    };
    /** The look may begin a moment before the fault shows at the broker itself: `summary` is waited for too. */
    const lookUntil = (id: string, summary = '') =>
      until(
        `${id} ${summary}`,
        async () => {
          const seen = await look(2500);
          return first(seen) === id && seen.report.summary.startsWith(summary) ? seen : undefined;
        },
        NOTICED_MS,
      );
    const stop = new AbortController();
    t.after(() => stop.abort());

    await withAdmin(stand, (admin) => admin.createTopics({ topics: [traces, metrics].map((topic) => ({ topic, numPartitions: 2 })) }));
    const missing = await look();
    assert.deepEqual([first(missing), missing.report.status], ['topic-missing', 'warning'], missing.report.summary);
    assert.match(missing.report.summary, new RegExp(`^Topic ${logs} does not exist and nobody creates it`));
    assert.ok(!(await withAdmin(stand, (admin) => admin.listTopics())).includes(logs), 'a look creates nothing');

    await withAdmin(stand, (admin) => admin.createTopics({ topics: [{ topic: logs, numPartitions: 1 }] }));
    void load({ port: connector.http, signal: 'traces', perSecond: 20 }, stop.signal);
    await connector.beanWhen('traces to be written', ({ RecordsProduced }) => (RecordsProduced ?? 0) > 0);
    const healthy = await look(3000);
    assert.equal(healthy.report.status, 'ok', healthy.report.summary);
    for (const id of ['kafka-brokers', 'topic-configuration', 'delivery'])
      assert.deepEqual(step(healthy, id), { status: 'ok', because: null });
    const offsets = healthy.facts['kafka.offsets'];
    assert.ok('value' in offsets);
    const grown = offsets.value.samples.map(({ values }) => values[traces] ?? 0);
    assert.ok(grown.length === 2 && grown[1]! - grown[0]! >= 30, `20 a second over 3 s: ${grown.join(' to ')}`);
    const brokers = healthy.facts['kafka.brokers'];
    const root = healthy.facts['rest.root'];
    assert.ok('value' in brokers && 'value' in root);
    assert.equal(brokers.value.cluster?.id, root.value.kafka_cluster_id);
    assert.deepEqual(
      brokers.value.brokers.map(({ id, address }) => [id, address]),
      [[1, splitAddress(stand.kafka)]],
    );

    stand.broker.signal('SIGSTOP');
    const frozen = await lookUntil('kafka-unresponsive', `Kafka takes connections at ${stand.kafka} and does not answer`);
    assert.equal(frozen.report.status, 'critical');
    assert.deepEqual(step(frozen, 'kafka-brokers'), { status: 'critical', because: 'kafka-unresponsive' });

    stand.broker.signal('SIGCONT');
    await stand.broker.kill();
    const killed = await lookUntil('kafka-unreachable', `Kafka cannot be reached at ${stand.kafka} (connect ECONNREFUSED`);
    assert.equal(killed.report.diagnoses[0]?.remedies[0]?.command, `kafka-broker-api-versions --bootstrap-server ${stand.kafka}`);

    const file = join(stand.folder, 'server.properties');
    const nowhere = `127.0.0.9:${splitAddress(stand.kafka)!.port}`;
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^advertised\.listeners=.*$/m, `advertised.listeners=PLAINTEXT://${nowhere}`));
    await stand.broker.start();
    const advertised = await lookUntil('kafka-advertised-unreachable');
    assert.equal(advertised.report.status, 'critical');
    assert.match(
      advertised.report.summary,
      new RegExp(`^Kafka answers at ${stand.kafka} but advertises ${nowhere} \\(connect ECONNREFUSED`),
    );
  });

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { exportRequest } from '../doubles/load.ts';
import { otlpctl } from '../doubles/otlpctl.ts';
import { auditOf, eventOf, stateFolder } from '../cli/acting/acting.ts';
import { connectorOn } from './stand/connector-on.ts';
import { makeTopics, withAdmin } from './stand/kafka-admin.ts';
import { sharedStand } from './stand/shared.ts';

for (const version of ['3.9.1', '4.1.0'] as const)
  test(`actions on Kafka Connect ${version}: what is promised is what Connect then shows`, async (t) => {
    const stand = await sharedStand(version);
    const connector = await connectorOn(t, stand, { 'otlp.message.format': 'json' });
    const folder = stateFolder();
    const act = async (...args: string[]): Promise<string> => {
      const target = ['--connect-url', stand.connectUrl, '--connector', connector.name, '--metrics-url', stand.jolokiaUrl];
      const { code, stdout, stderr } = await otlpctl(['connector', ...args, '--yes', '--state-dir', folder, ...target]);
      t.diagnostic(stdout.trim().split('\n').slice(-2).join(' | '));
      assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
      return stdout;
    };
    const states = async (): Promise<string[]> => {
      const { body } = await connector.ask('GET', '/status');
      const { connector: own, tasks } = body as { connector: { state: string }; tasks: { state: string }[] };
      return [own.state, ...tasks.map(({ state }) => state)];
    };
    const post = (): Promise<Response> =>
      fetch(`http://127.0.0.1:${connector.http}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(exportRequest('traces', 'one')),
      });

    assert.equal((await post()).status, 200);
    assert.match(
      await act('restart'),
      /connector RUNNING, task 0 RUNNING, .* \((?:counters began again|it was RESTARTING|it was UNASSIGNED|its ports were closed)/,
    );
    assert.match(await act('restart-task', '0'), /204 done\n/);
    await act('pause');
    assert.deepEqual(await states(), ['PAUSED', 'PAUSED']);
    assert.equal((await post()).status, 200);
    // What waits is told before it is thrown away.
    assert.match(await act('stop'), /1 queued messages are discarded|1 queued message/);
    assert.deepEqual(await states(), ['STOPPED']);
    await act('resume');
    assert.deepEqual(await states(), ['RUNNING', 'RUNNING']);
    const before = (await connector.ask('GET', '/config')).body as Record<string, string>;
    assert.match(await act('config', 'set', 'otlp.message.queue.size=5000'), /PATCH \/connectors\/.*\/config/);
    assert.deepEqual((await connector.ask('GET', '/config')).body, { ...before, 'otlp.message.queue.size': '5000' });
    await act('config', 'rollback');
    assert.deepEqual((await connector.ask('GET', '/config')).body, before);
    await act('delete');
    assert.equal((await connector.ask('GET', '/status')).status, 404);
    assert.deepEqual(
      auditOf(folder).map((run) => eventOf(run, 'ended')?.outcome),
      Array.from({ length: 8 }, () => 'done'),
    );
  });

test('topic partitions on a real Kafka: they are there, a second time there is nothing to do, and none is taken away', async (t) => {
  const stand = await sharedStand('3.9.1');
  const connector = await connectorOn(t, stand);
  const { traces, metrics, logs } = connector.topics;
  await makeTopics(stand.kafka, [traces, metrics, logs]);
  const counts = () =>
    withAdmin(stand.kafka, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [traces, metrics, logs] });
      return topics.map(({ partitions }) => partitions.length);
    });
  const folder = stateFolder();
  const act = (...args: string[]) =>
    otlpctl([
      ...['topic', 'partitions', ...args, '--connect-url', stand.connectUrl, '--connector', connector.name],
      ...['--kafka', stand.kafka, '--state-dir', folder],
    ]);
  const plan = await act('3', '--dry-run');
  assert.deepEqual([plan.code, await counts()], [0, [1, 1, 1]], plan.stderr);
  assert.match(
    plan.stdout.replace(/\n {11}/g, ' '),
    /1 -> 3\. It cannot be undone: Kafka takes no partition away\. .*Keys map to other partitions from then on/s,
  );
  const did = await act('3', '--yes');
  assert.deepEqual([did.code, await counts()], [0, [3, 3, 3]], did.stdout + did.stderr);
  const again = await act('3', '--yes');
  assert.deepEqual([again.code, /have 3 partitions: nothing to do\.\n$/.test(again.stdout)], [0, true], again.stdout);
  const less = await act('2', '--yes');
  assert.deepEqual([less.code, /Kafka never takes partitions away/.test(less.stderr)], [3, true], less.stderr);
  // Gone on with after its last topic was answered: what is there is not asked for again.
  const { run } = auditOf(folder)[0]!;
  const over = await otlpctl(['runbook', 'continue', run, '--yes', '--state-dir', folder]);
  assert.deepEqual([over.code, /ended at .* as promised: nothing to do/.test(over.stdout)], [0, true], over.stdout + over.stderr);
});

test('debug-window keeps what a real worker logs at DEBUG, and the levels go back', async (t) => {
  const stand = await sharedStand('3.9.1');
  const connector = await connectorOn(t, stand);
  const folder = stateFolder();
  const target = ['--connect-url', stand.connectUrl, '--connector', connector.name, '--state-dir', folder];
  const logger = 'org.apache.kafka.connect.runtime.WorkerSourceTask';
  const words = ['debug-window', '--for', '3', '--logger', logger, '--log-file', stand.logFile, '--yes', '--format', 'json'];
  const { code, stdout } = await otlpctl([...words, ...target]);
  assert.equal(code, 0, stdout);
  const { files } = JSON.parse(stdout) as { files: string[] };
  const levels = (await (await fetch(`${stand.connectUrl}/admin/loggers/${logger}`)).json()) as { level: string };
  assert.equal(levels.level, 'INFO');
  assert.match(readFileSync(files[0]!, 'utf8'), /\] (?:DEBUG|INFO) .*/);
});

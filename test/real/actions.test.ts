import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportRequest } from '../doubles/load.ts';
import { otlpctl } from '../doubles/otlpctl.ts';
import { auditOf, eventOf, stateFolder } from '../cli/acting/acting.ts';
import { connectorOn } from './stand/connector-on.ts';
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

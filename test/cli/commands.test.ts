import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ConnectDouble } from '../doubles/connect.ts';
import { connectDouble } from '../doubles/connect.ts';
import { double } from '../doubles/double.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

describe('connector status', { concurrency: 2 }, () => {
  let connect: ConnectDouble;
  before(async () => {
    connect = await connectDouble({ connectors: { one: {}, two: { state: 'PAUSED', taskState: 'PAUSED' } } });
  });
  after(() => connect.close());

  test('shows every connector, and the worst state decides the exit code', async () => {
    const { code, stdout, stderr } = await otlpctl(['connector', 'status', '--connect-url', connect.url.href]);
    assert.deepEqual([code, stderr], [2, '']);
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4));
    assert.deepEqual(rows.slice(0, 3), [
      ['CONNECTOR', 'STATE', 'TASK', 'TASK STATE'],
      ['one', 'RUNNING', '0', 'RUNNING'],
      ['two', 'PAUSED', '0', 'PAUSED'],
    ]);
  });

  test('shows the named one; an expected state is no fault', async () => {
    const args = ['connector', 'status', '--connect-url', connect.url.href, '--format', 'json'];
    const one = await otlpctl([...args, '--connector', 'one']);
    assert.equal(one.code, 0);
    assert.deepEqual(
      (JSON.parse(one.stdout) as { connectors: { name: string }[] }).connectors.map(({ name }) => name),
      ['one'],
    );
    assert.equal((await otlpctl([...args, '--expect', 'state=PAUSED'])).code, 0);
  });

  test('doctor shows each of several connectors, keeps a record of each, and a replay says the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'otlpctl-doctor-'));
    const record = join(folder, 'record');
    const live = await otlpctl(['doctor', '--connect-url', connect.url.href, '--window', '0', '--record', record]);
    const replay = await otlpctl(['doctor', '--replay', record]);
    rmSync(folder, { recursive: true });
    assert.deepEqual([live.code, live.stderr, replay.code, replay.stderr], [2, '', 2, '']);
    assert.equal(replay.stdout, live.stdout);
    assert.deepEqual(live.stdout.match(/^(one|two) on /gm)?.sort(), ['one on ', 'two on ']);
  });

  test('a name that is not there is answered with near ones', async () => {
    const { code, stderr } = await otlpctl(['connector', 'status', '--connect-url', connect.url.href, '--connector', 'onne']);
    assert.deepEqual([code, stderr], [3, `otlpctl: there is no connector "onne" at ${connect.url.origin} (did you mean "one"?)\n`]);
  });

  test('commands about one connector list several instead of choosing', async () => {
    const { code, stderr } = await otlpctl(['metrics', '--connect-url', connect.url.href, '--window', '0']);
    assert.deepEqual(
      [code, stderr],
      [3, `otlpctl: 2 OTLP connectors run on ${connect.url.host}: one and two. Name one with --connector.\n`],
    );
  });

  test('a Connect that does not answer cannot be looked at', async () => {
    const refused = await double('refused');
    const { code, stderr } = await otlpctl(['connector', 'status', '--connect-url', `http://127.0.0.1:${refused.port}`]);
    assert.equal(code, 3);
    assert.match(
      stderr,
      /^otlpctl: Connect could not be read: GET http:\/\/127\.0\.0\.1:\d+\/connectors\?expand=status&expand=info: connect ECONNREFUSED .*, see otlpctl doctor\n$/,
    );
    await refused.close();
  });
});

describe('endpoint tests', { concurrency: 2 }, () => {
  test('http probe: 405 on all three paths proves a receiver, and nothing but GET is sent', async () => {
    const place = await double('otlp-http');
    const { code, stdout } = await otlpctl(['http', 'probe', '--otlp-http', `127.0.0.1:${place.port}`, '--timeout', '4']);
    assert.equal(code, 0, 'a third of 4 s is no whole number of milliseconds');
    for (const path of ['traces', 'metrics', 'logs'])
      assert.match(stdout, new RegExp(`^GET http://127.0.0.1:${place.port}/v1/${path} +405  takes POST only`, 'm'));
    assert.match(stdout, /Not sent: the runbook's POST/);
    await place.close();
  });

  test('http probe: another status is another program', async () => {
    const place = await double('http-400');
    const { code, stdout } = await otlpctl(['http', 'probe', '--otlp-http', `http://127.0.0.1:${place.port}`, '--format', 'json']);
    assert.equal(code, 2);
    assert.deepEqual(
      (JSON.parse(stdout) as { paths: { httpStatus: number }[] }).paths.map(({ httpStatus }) => httpStatus),
      [400, 400, 400],
    );
    await place.close();
  });

  test('grpc list: nothing there is no answer, and the sentence says where', async () => {
    const refused = await double('refused');
    const { code, stderr } = await otlpctl(['grpc', 'list', '--otlp-grpc', `127.0.0.1:${refused.port}`]);
    assert.deepEqual(
      [code, stderr],
      [3, `otlpctl: no gRPC server answered at 127.0.0.1:${refused.port}: connect ECONNREFUSED 127.0.0.1:${refused.port}\n`],
    );
    await refused.close();
  });
});

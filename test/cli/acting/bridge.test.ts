import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { statSync } from 'node:fs';
import { auditFile } from '../../../cli/acting/audit-file.ts';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { exportRequest } from '../../doubles/load.ts';
import { inProcess } from '../../doubles/in-process.ts';
import { acting, actingProcess, auditOf, documentOf, eventOf, stateFolder } from './acting.ts';

let bridge: BridgeProcess;
before(async () => void (bridge = await startBridgeProcess()));
after(async () => void (await bridge.stop()));

const run = (folder: string, ...args: string[]) => acting(bridge.connectUrl, folder, [...args, '--metrics-url', bridge.metricsUrl]);

const post = async (): Promise<number> => {
  const headers = { 'content-type': 'application/x-protobuf' };
  const body = new Uint8Array(exportRequest('traces', 'one'));
  return (await fetch(`http://127.0.0.1:${bridge.ports.http}/v1/traces`, { method: 'POST', headers, body })).status;
};
const stateNow = async (): Promise<string> => {
  const answer = await fetch(`${bridge.connectUrl}/connectors/otlp-source/status`);
  return answer.ok ? ((await answer.json()) as { connector: { state: string } }).connector.state : String(answer.status);
};

test('restart: the plan, what happened, and one record of all of it', async () => {
  const folder = stateFolder();
  assert.equal(await post(), 200);
  const { code, stdout, stderr } = await actingProcess(bridge.connectUrl, folder, [
    ...['connector', 'restart', '--yes', '--reason', 'INC-1042'],
    ...['--metrics-url', bridge.metricsUrl],
  ]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^Restart otlp-source and its task on 127\.0\.0\.1:\d+\n {2}costs {4}The bridge flushes its queues first\.\n/);
  assert.match(stdout, /\n {2}does {5}POST \/connectors\/otlp-source\/restart\?includeTasks=true&onlyFailed=false\n {2}waits {4}until /);
  assert.match(
    stdout,
    /\n {2}\d\d:\d\d:\d\d {2}202 accepted\n.* connector RUNNING, task 0 RUNNING, gRPC \d+ accepts, HTTP \d+ accepts \(counters began again\)\n/,
  );
  assert.match(stdout, /\nDone in [\d.]+ m?s\. Recorded as run \d{8}-\d{6}-[0-9a-f]{4}\.\n$/);

  const [only, ...others] = auditOf(folder);
  assert.equal(others.length, 0);
  assert.deepEqual(
    only!.events.map(({ event }) => event),
    ['planned', 'sending', 'answered', 'waited', 'ended'],
  );
  const planned = eventOf(only!, 'planned')!;
  assert.deepEqual([planned.reason, planned.action, planned.target.connector], ['INC-1042', 'connector restart', 'otlp-source']);
  assert.match(planned.command, /^otlpctl connector restart --yes --reason INC-1042 /);
  assert.equal(planned.before.state, 'RUNNING');
  assert.ok(planned.who.user.length > 0 && planned.who.pid > 0);
  assert.deepEqual([eventOf(only!, 'answered')!.status, eventOf(only!, 'ended')!.outcome], [202, 'done']);
  assert.equal(eventOf(only!, 'ended')!.after!.state, 'RUNNING');
  assert.equal(statSync(auditFile(folder)).mode & 0o777, 0o600);
});

test('restart-task, pause, stop, resume: the state is seen, and a second time there is nothing to do', async () => {
  const folder = stateFolder();
  const steps: [args: string[], state: string, said: RegExp][] = [
    [['restart-task', '0'], 'RUNNING', /204 done\n/],
    [['pause'], 'PAUSED', /The ports stay open and messages are still taken/],
    [['stop'], 'STOPPED', /connector STOPPED, no task, gRPC \d+ refuses connections, HTTP \d+ refuses connections\n/],
    [['resume'], 'RUNNING', /The task starts and opens its ports\./],
  ];
  for (const [args, state, said] of steps) {
    const { code, stdout } = await run(folder, 'connector', ...args, '--yes');
    assert.deepEqual([code, await stateNow()], [0, state], stdout);
    assert.match(stdout, said);
    if (args[0] === 'restart-task') continue;
    const again = await run(folder, 'connector', ...args, '--yes');
    assert.deepEqual([again.code, again.stdout], [0, `otlp-source is ${state}: nothing to do.\n`]);
  }
  assert.equal(auditOf(folder).length, 4);
});

test('a plan sends nothing, and what is then sent is what it said', async () => {
  const folder = stateFolder();
  for (const args of [
    ['connector', 'restart'],
    ['connector', 'restart-task', '0'],
    ['connector', 'pause'],
    ['connector', 'resume'],
    ['connector', 'stop'],
    ['connector', 'resume'],
  ]) {
    const plan = documentOf(await run(folder, ...args, '--dry-run', '--format', 'json'));
    const did = documentOf(await run(folder, ...args, '--yes', '--format', 'json'));
    assert.deepEqual(
      did.requests.map(({ method, url, body }) => ({ method, url, body })),
      plan.requests,
    );
    assert.equal(plan.run, null);
    assert.equal(did.outcome, 'done', did.sentence);
  }
});

test('without a terminal nothing is done that nobody agreed to', async () => {
  const folder = stateFolder();
  const { code, stdout, stderr } = await run(folder, 'connector', 'stop');
  assert.deepEqual([code, stdout], [3, '']);
  assert.equal(stderr, 'otlpctl: this changes something, and there is no terminal to ask on: give --yes, --dry-run shows the plan\n');
  assert.equal(await stateNow(), 'RUNNING');
});

test('what cannot be is one sentence, exit 3, and nothing sent', async () => {
  const wrong: [args: string[], said: RegExp][] = [
    [
      ['restart', '--connector', 'otlp-surce'],
      /^otlpctl: there is no connector "otlp-surce" on 127\.0\.0\.1:\d+ \(did you mean "otlp-source"\?\)\n$/,
    ],
    [['restart-task', '7'], /^otlpctl: otlp-source \(RUNNING\) has no task 7: it has 0, otlpctl connector status /],
    [['restart-task', 'x'], /^otlpctl: TASK "x" is not the number of a task \(try 0\)\n$/],
    [['stop', '--wait', 'long'], /^otlpctl: --wait "long" is not a number of seconds \(try 60\)\n$/],
    [
      ['stop', '--state-dir', '/proc/otlpctl'],
      /^otlpctl: \/proc\/otlpctl cannot be used \(.*\), and nothing is changed that cannot be recorded, /,
    ],
  ];
  for (const [args, said] of wrong) {
    const { code, stdout, stderr } = await inProcess([
      'connector',
      ...args,
      '--yes',
      '--connect-url',
      bridge.connectUrl,
      ...(args.includes('--state-dir') ? [] : ['--state-dir', stateFolder()]),
    ]);
    assert.deepEqual([code, stdout], [3, ''], args.join(' '));
    assert.match(stderr, said);
  }
  assert.equal(await stateNow(), 'RUNNING');
});

test('delete: the name is gone, the record has the configuration', async () => {
  const folder = stateFolder();
  const { code, stdout } = await run(folder, 'connector', 'delete', '--yes');
  assert.equal(code, 0, stdout);
  assert.equal(await stateNow(), '404');
  assert.match(stdout, /otlp-source is gone/);
  assert.equal(eventOf(auditOf(folder)[0]!, 'planned')!.before.config!['tasks.max'], '1');
});

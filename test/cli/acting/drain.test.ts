import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { actingConnect } from '../../doubles/acting-connect.ts';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { exportRequest, load } from '../../doubles/load.ts';
import { inProcess, start } from '../../doubles/in-process.ts';
import { BIN, cleanEnv } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import { acting, auditOf, documentOf, eventOf, stateFolder } from './acting.ts';

async function bridgeOf(t: TestContext, set: Record<string, string>): Promise<BridgeProcess> {
  const bridge = await startBridgeProcess(set);
  t.after(() => bridge.stop());
  return bridge;
}

const drain = (bridge: BridgeProcess, folder: string, ...args: string[]) =>
  inProcess([
    'drain-restart',
    '--yes',
    ...(args.includes('--format') ? [] : ['--format', 'json']),
    '--state-dir',
    folder,
    ...bridge.target,
    ...args,
  ]);

const post = (bridge: BridgeProcess, count: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, nth) =>
      fetch(`http://127.0.0.1:${bridge.ports.http}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(exportRequest('traces', `n${nth}`)),
      }),
    ),
  );

test('drain-restart waits until the queue is empty, and then every message is in the sink', async (t) => {
  const bridge = await bridgeOf(t, { 'bridge.drain.max.per.second': '20' });
  await post(bridge, 60);
  const folder = stateFolder();
  const ran = await drain(bridge, folder);
  const did = documentOf(ran);
  assert.deepEqual([ran.code, did.outcome], [0, 'done'], ran.stdout);
  assert.deepEqual(
    did.requests.map(({ method }) => method),
    ['POST'],
  );
  const waited = auditOf(folder)[0]!.events.filter((event) => event.event === 'waited');
  assert.match(waited[0]!.seen, /nothing comes in and nothing waits; the sink has acknowledged everything/);
  assert.ok(waited[0]!.ms > 1000, 'it waited');
  const data = join(bridge.folder, 'data');
  const lines = readdirSync(data).flatMap((name) => readFileSync(join(data, name), 'utf8').split('\n').filter(Boolean));
  assert.equal(lines.length, 60);
});

test('while senders send nothing is restarted, and what is at stake is said; --accept-loss goes on', async (t) => {
  const bridge = await bridgeOf(t, { 'bridge.drain.max.per.second': '5' });
  const stop = new AbortController();
  const loading = load({ port: bridge.ports.http!, signal: 'traces', perSecond: 50 }, stop.signal);
  t.after(async () => {
    stop.abort();
    await loading;
  });
  await until(
    'a backlog',
    async () =>
      ((await (await fetch(bridge.metricsUrl)).json()) as { gauges: { TracesQueueSize: number } }).gauges.TracesQueueSize > 20 || undefined,
  );
  const folder = stateFolder();
  const ran = await drain(bridge, folder, '--wait', '3');
  assert.equal(ran.code, 2, ran.stdout);
  assert.match(
    documentOf(ran).sentence,
    /^not still in [\d.]+ s, so nothing was restarted: \d+ messages queued, senders still send \(\d+ messages since the last look\)/,
  );
  assert.deepEqual(documentOf(ran).requests, []);
  const lossy = await drain(bridge, folder, '--wait', '3', '--accept-loss', '--format', 'text');
  assert.match(lossy.stdout, /not still in [\d.]+ s: \d+ messages queued.*; going on, as --accept-loss says/);
  assert.match(lossy.stdout, /202 accepted/);
});

test('what cannot drain is refused', async (t) => {
  const paused = await actingConnect({ state: 'PAUSED' });
  const blind = await actingConnect();
  t.after(() => Promise.all([paused.close(), blind.close()]));
  const folder = stateFolder();
  const first = await acting(paused.url, folder, ['drain-restart', '--yes']);
  assert.equal(first.code, 3);
  assert.match(
    first.stderr,
    /otlp-source is not RUNNING with its task, and only a running one drains its queues, otlpctl connector resume/,
  );
  const second = await acting(blind.url, folder, ['drain-restart', '--yes']);
  assert.equal(second.code, 3);
  assert.match(second.stderr, /the metrics cannot be read, so nobody can tell when the queues are empty/);
  assert.deepEqual([paused.changes, blind.changes], [[], []]);
});

const levelOf = async ({ connectUrl }: BridgeProcess, logger: string): Promise<string> =>
  ((await (await fetch(`${connectUrl}/admin/loggers/${logger}`)).json()) as { level: string }).level;
const OWN = 'io.conduktor.connect.otel';

test('loglevel sets a level and reads it back; debug-window puts it back, also when it is interrupted', async (t) => {
  const bridge = await bridgeOf(t, {});
  const folder = stateFolder();
  const target = ['--state-dir', folder, ...bridge.target];
  const set = await inProcess(['loglevel', 'warn', '--yes', ...target]);
  assert.deepEqual([set.code, await levelOf(bridge, OWN)], [0, 'WARN'], set.stdout);
  const again = await inProcess(['loglevel', 'WARN', '--yes', ...target]);
  assert.match(again.stdout, /^io\.conduktor\.connect\.otel is at WARN: nothing to do\.\n$/);

  const window = await inProcess(['debug-window', '--for', '0.5', '--logger', OWN, '--yes', ...target]);
  assert.deepEqual([window.code, await levelOf(bridge, OWN)], [0, 'WARN'], window.stdout);
  assert.match(window.stdout, /io\.conduktor\.connect\.otel is DEBUG\n[^]*io\.conduktor\.connect\.otel is WARN\n/);

  const running = start(['debug-window', '--for', '600', '--logger', OWN, '--yes', ...target]);
  await until('the level to be raised', async () => ((await levelOf(bridge, OWN)) === 'DEBUG' ? true : undefined));
  running.signal('SIGINT');
  assert.deepEqual([(await running.ran).code, await levelOf(bridge, OWN)], [2, 'WARN']);
  assert.equal(eventOf(auditOf(folder).at(-1)!, 'ended')!.outcome, 'not-seen');
  const { run } = auditOf(folder).at(-1)!;
  const over = await inProcess(['runbook', 'continue', run, '--yes', ...target]);
  assert.deepEqual([over.code, /was interrupted at .* and has put back what it changed/.test(over.stderr)], [3, true]);
});

test('debug-window keeps the log of its time without secrets, also across a rotation and a kill -9', async (t) => {
  const bridge = await bridgeOf(t, {});
  const folder = stateFolder();
  const log = join(stateFolder(), 'connect.log');
  writeFileSync(log, 'before the window\n');
  const words = ['debug-window', '--logger', OWN, '--yes', '--state-dir', folder, ...bridge.target];
  const raised = () => until('the level to be raised', async () => ((await levelOf(bridge, OWN)) === 'DEBUG' ? true : undefined));

  const whole = start([...words, '--for', '1', '--log-file', log, '--format', 'json']);
  await raised();
  appendFileSync(log, 'first sasl.password=hunter2 \u001b[2J\n');
  renameSync(log, `${log}.1`);
  writeFileSync(log, 'second\n');
  const ran = await whole.ran;
  const { files } = JSON.parse(ran.stdout) as { files: string[] };
  assert.deepEqual([ran.code, files.length, await levelOf(bridge, OWN)], [0, 1, 'INFO'], ran.stdout);
  assert.match(readFileSync(files[0]!, 'utf8'), /^first sasl\.password=<redacted:password> [^\u001b]*\nsecond\n$/);
  assert.equal(statSync(files[0]!).mode & 0o777, 0o600);

  const child = spawn(process.execPath, [BIN, ...words, '--for', '600', '--log-command', `cat ${log}`], {
    env: cleanEnv(),
    stdio: 'ignore',
  });
  await raised();
  appendFileSync(log, 'third\n');
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(await levelOf(bridge, OWN), 'DEBUG');
  const { run } = auditOf(folder).at(-1)!;
  const going = start(['runbook', 'continue', run, '--yes', ...bridge.target.slice(0, 2), '--state-dir', folder]);
  await until('the window to go on', () => (going.said().includes('waiting for') ? true : undefined));
  going.signal('SIGTERM');
  const ended = await going.ran;
  assert.deepEqual([ended.code, await levelOf(bridge, OWN)], [2, 'INFO'], ended.stdout);
  assert.match(ended.stdout, /1 lines? of the log \(6 B\) are in .*\.log\n/);
  assert.equal(readFileSync(join(folder, 'logs', `${run}.log`), 'utf8'), 'third\n');

  const blind = await inProcess([...words, '--for', '1', '--log-file', '/nowhere/connect.log']);
  assert.deepEqual([blind.code, await levelOf(bridge, OWN)], [3, 'INFO']);
  assert.match(blind.stdout, /\/nowhere\/connect\.log cannot be read: no such file or directory: nothing was changed\./);
});

test('shutdown is one rung a run; the last one lists every connector that it stops', async (t) => {
  const connect = await actingConnect();
  t.after(() => connect.close());
  const folder = stateFolder();
  const stop = await acting(connect.url, folder, ['shutdown', '--yes']);
  assert.deepEqual([stop.code, connect.state()], [0, 'STOPPED'], stop.stdout);
  const how = await acting(connect.url, folder, ['shutdown', '--rung', 'worker', '--yes']);
  assert.match(how.stderr, /^otlpctl: --rung worker needs to know how: give --worker-command /);
  const worker = await acting(connect.url, folder, ['shutdown', '--rung', 'worker', '--worker-command', 'true', '--yes']);
  assert.equal(worker.code, 0, worker.stdout);
  assert.match(worker.stdout, /Every connector of this worker stops: otlp-source\.\n/);
  const broken = await acting(connect.url, folder, ['shutdown', '--rung', 'worker', '--worker-command', 'false', '--yes']);
  assert.deepEqual([broken.code, /false ended with exit code 1/i.test(broken.stdout)], [2, true]);
  const missing = await acting(connect.url, folder, ['shutdown', '--rung', 'worker', '--worker-command', 'no-such-tool', '--yes']);
  assert.equal(missing.code, 3, missing.stdout);
});

test('firewall allow and topic partitions show the commands', async (t) => {
  const connect = await actingConnect();
  t.after(() => connect.close());
  const plan = await acting(connect.url, stateFolder(), ['firewall', 'allow', '--dry-run']);
  assert.equal(plan.code, 0, plan.stderr);
  assert.match(
    plan.stdout,
    new RegExp(`does {5}ufw allow ${connect.ports['otlp.grpc.port']}/tcp\\n +ufw allow ${connect.ports['otlp.http.port']}/tcp\\n`),
  );
  const blind = await acting(connect.url, stateFolder(), ['topic', 'partitions', '12', '--dry-run']);
  assert.deepEqual(
    [blind.code, blind.stderr],
    [3, 'otlpctl: the topics could not be read, so nobody knows how many partitions they have, give --kafka HOST:PORT\n'],
  );
});

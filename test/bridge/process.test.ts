import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBridge } from '../../bridge/index.ts';
import { runBridge } from '../../bridge/process.ts';
import { ask, folder, oneSpan, sendTraces, testSettings, until } from './bridge-fixture.ts';

const ENTRY = fileURLToPath(new URL('./bridge-process.ts', import.meta.url));

type Ready = {
  pid: number;
  ports: Record<'grpc' | 'http' | 'rest' | 'metrics', number>;
  connector: string;
  task: { state: string; trace: string | null };
};
type Child = { process: ChildProcess; ready: Ready; readyFile: string; output: () => string; ended: Promise<number | null> };

const FREE = { 'bridge.rest.port': '0', 'bridge.metrics.port': '0', 'otlp.grpc.port': '0', 'otlp.http.port': '0' };

/** A bridge in a process of its own, ready; it is killed with the test if it still lives. */
async function bridgeProcess(t: TestContext, directory: string, keys: Record<string, string> = {}): Promise<Child> {
  const readyFile = join(directory, 'ready.json');
  const set = Object.entries({ 'bridge.state.dir': join(directory, 'state'), ...FREE, ...keys }).map(([key, value]) => `${key}=${value}`);
  rmSync(readyFile, { force: true });
  const child = spawn(process.execPath, [ENTRY, readyFile, ...set], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<number | null>((end) => child.once('close', end));
  await until(`ready: ${output}`, () => existsSync(readyFile) || child.exitCode !== null, 10_000);
  return { process: child, ready: JSON.parse(readFileSync(readyFile, 'utf8')) as Ready, readyFile, output: () => output, ended };
}

const linesOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0);

test('SIGTERM delivers everything that was acknowledged and exits 0', async (t) => {
  const directory = folder();
  const child = await bridgeProcess(t, directory, { 'bridge.drain.max.per.second': '1', 'bridge.log.file': join(directory, 'bridge.log') });
  assert.equal(child.ready.pid, child.process.pid);
  assert.deepEqual([child.ready.connector, child.ready.task], ['otlp-source', { state: 'RUNNING', trace: null }]);
  const statuses = await sendTraces(child.ready.ports.http, 40);
  assert.deepEqual([...new Set(statuses)], [200]);
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0);
  assert.equal(linesOf(join(directory, 'state', 'data', 'otlp-traces.jsonl')), 40);
  assert.equal(existsSync(child.readyFile), false);
  assert.match(child.output(), /Bridge \d+ has stopped: \d+ queued messages were delivered, none is left \(otlpctl\.bridge:0\)\n$/);
  assert.equal(readFileSync(join(directory, 'bridge.log'), 'utf8'), child.output());
});

test('in its time of grace a bridge says that it is not ready, lives, takes no changes, and takes what is sent', async (t) => {
  const directory = folder();
  const child = await bridgeProcess(t, directory, { 'bridge.stop.grace.ms': '600000' });
  const { metrics, rest, http } = child.ready.ports;
  const word = async (path: string) => {
    const { status, json } = await ask(`http://127.0.0.1:${metrics}${path}`);
    return [status, (json as { status: string }).status];
  };
  assert.deepEqual(await word('/ready'), [200, 'ready']);
  child.process.kill('SIGTERM');
  await until('not ready', async () => (await word('/ready'))[0] === 503);
  assert.deepEqual(await word('/ready'), [503, 'stopping']);
  assert.deepEqual(await word('/health'), [200, 'healthy']);
  const change = await ask(`http://127.0.0.1:${rest}/connectors/otlp-source/pause`, { method: 'PUT' });
  assert.equal(change.status, 503);
  assert.deepEqual(await sendTraces(http, 3), [200, 200, 200]);
  assert.match(child.output(), /SIGTERM: not ready any more, requests are taken for another 600000 ms/);
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0, 'a second signal ends the grace, and the sink is waited for');
  assert.equal(linesOf(join(directory, 'state', 'data', 'otlp-traces.jsonl')), 3);
});

test('grace ends by itself', async (t) => {
  const child = await bridgeProcess(t, folder(), { 'bridge.stop.grace.ms': '300' });
  const began = performance.now();
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0);
  assert.ok(performance.now() - began > 290);
});

test('what a broken sink does not take is spilled, the file is named and the exit code is 1', async (t) => {
  const directory = folder();
  // The topic's file is a folder: no write can succeed, as on a broken disk.
  mkdirSync(join(directory, 'data', 'otlp-traces.jsonl'), { recursive: true });
  const child = await bridgeProcess(t, directory, { 'bridge.file.dir': join(directory, 'data'), 'bridge.flush.timeout.ms': '100' });
  assert.deepEqual(await sendTraces(child.ready.ports.http, 3), [200, 200, 200]);
  child.process.kill('SIGINT');
  assert.equal(await child.ended, 1);
  const file = /WARN 3 messages of otlp-source could not be delivered in time and are kept in (\S+)/.exec(child.output())?.[1];
  assert.equal(linesOf(file ?? ''), 3);
});

test('what was spilled is delivered at the next start, in order, before anything new, and its file is gone', async (t) => {
  const directory = folder();
  const keys = { 'bridge.file.dir': join(directory, 'data'), 'bridge.flush.timeout.ms': '100' };
  const topic = join(directory, 'data', 'otlp-traces.jsonl');
  mkdirSync(topic, { recursive: true });
  const spilled = () => readdirSync(join(directory, 'state', 'spilled'));
  for (const count of [3, 2]) {
    const child = await bridgeProcess(t, directory, keys);
    assert.deepEqual(new Set(await sendTraces(child.ready.ports.http, count)), new Set([200]));
    child.process.kill('SIGTERM');
    assert.equal(await child.ended, 1);
    if (count === 2)
      assert.match(child.output(), /WARN What is in \S+ stays there: file \S+ did not take it \(EISDIR.*\)\. It is tried again/);
  }
  assert.equal(spilled().length, 2);
  const names = spilled().sort();
  const kept = names.map((name) => readFileSync(join(directory, 'state', 'spilled', name), 'latin1'));
  // As a process leaves it that was killed while it spilled.
  appendFileSync(join(directory, 'state', 'spilled', names[0]!), '{"timestamp":17');
  const drafts = names.map((name) => join(directory, 'state', 'spilled', `${name}.draft`));
  // As one that was killed while it wrote what is left of a file, and while it spilled.
  writeFileSync(drafts[0]!, kept[0]!.split('\n')[0]!);
  renameSync(join(directory, 'state', 'spilled', names[1]!), drafts[1]!);

  rmSync(topic, { recursive: true });
  const next = await bridgeProcess(t, directory, keys);
  assert.match(next.output(), /INFO 3 messages that an earlier stop spilled to \S+ are delivered to file /);
  assert.equal(readFileSync(topic, 'latin1'), kept.join('').replaceAll(',"format":"json"', ''), 'the file sink keeps records as they came');
  assert.deepEqual(spilled(), [`${names[0]}.damaged`]);
  const metrics = (await ask(`http://127.0.0.1:${next.ready.ports.metrics}/metrics.json`)).json as { counters: Record<string, number> };
  assert.deepEqual([metrics.counters['TracesReceived'], metrics.counters['RecordsProduced']], [0, 0]);
  assert.deepEqual(await sendTraces(next.ready.ports.http, 1), [200]);
  next.process.kill('SIGTERM');
  assert.equal(await next.ended, 0);
  assert.equal(linesOf(topic), 6);
});

test('a signal that comes while the start waits for a sink that is silent is heeded at once', async (t) => {
  const silent = createServer((socket) => void socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const directory = folder();
  const spilled = join(directory, 'spilled');
  mkdirSync(spilled, { recursive: true, mode: 0o700 });
  const record = { timestamp: 1, topic: 'otlp-traces', headers: { signal: 'traces', 'content-type': 'application/x-protobuf' } };
  const line = `${JSON.stringify({ ...record, value: oneSpan().toString('base64'), format: 'protobuf' })}\n`;
  writeFileSync(join(spilled, 'spilled-20261123T150000123Z.jsonl'), line);
  const settings = testSettings(directory, {
    'bridge.sink': 'kafka',
    'bridge.kafka.bootstrap.servers': `127.0.0.1:${(silent.address() as AddressInfo).port}`,
    'bridge.flush.timeout.ms': '600000',
  });
  let output = '';
  let signal: (name: NodeJS.Signals) => void = () => {};
  const onSignal = (listener: typeof signal) => {
    signal = listener;
    return () => {};
  };
  const asked = once(silent, 'connection');
  const code = runBridge(settings, { write: (text) => (output += text), now: Date.now, onSignal });
  await asked;
  await until('the start', () => output.includes(' serves REST on '));
  signal('SIGTERM');
  assert.equal(await code, 0);
  assert.match(output, /What is in \S+ stays there: kafka \S+ did not take it \(the bridge stops\)/);
  assert.equal(readFileSync(join(spilled, 'spilled-20261123T150000123Z.jsonl'), 'utf8'), line);
});

test('what a stop has spilled is known before everybody who still talks has hung up', async () => {
  const directory = folder();
  mkdirSync(join(directory, 'data', 'otlp-traces.jsonl'), { recursive: true });
  const settings = testSettings(directory, { 'bridge.sink': 'file', 'bridge.file.dir': join(directory, 'data') });
  const bridge = await startBridge(settings, { log: () => {}, now: Date.now });
  assert.deepEqual(await sendTraces(bridge.worker.find('otlp-source')!.task!.ports.http!, 2), [200, 200]);
  const talker = connect(bridge.addresses.rest.port, '127.0.0.1').on('error', () => {});
  talker.write('PUT /connectors/otlp-source/config HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{');
  await until('half a request', () => talker.bytesWritten > 0 && !talker.pending);
  let isOver = false;
  const stopped = bridge.stop(0).finally(() => (isOver = true));
  await until('an outcome', () => bridge.outcome() !== null);
  assert.equal(isOver, false);
  assert.deepEqual(
    bridge.outcome()!.spilled.map(({ count }) => count),
    [2],
  );
  assert.deepEqual(await stopped, bridge.outcome());
});

test('a memory sink leaves what was spilled where it is', async (t) => {
  const directory = folder();
  const state = join(directory, 'state', 'spilled');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  writeFileSync(join(state, 'spilled-20261123T150000123Z.jsonl'), '{}\n');
  const child = await bridgeProcess(t, directory, { 'bridge.sink': 'memory' });
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0);
  assert.deepEqual(readdirSync(state), ['spilled-20261123T150000123Z.jsonl']);
});

test('a second signal says what is lost when nothing can be kept', async (t) => {
  const directory = folder();
  mkdirSync(join(directory, 'data', 'otlp-traces.jsonl'), { recursive: true });
  const child = await bridgeProcess(t, directory, { 'bridge.file.dir': join(directory, 'data'), 'bridge.flush.timeout.ms': '600000' });
  writeFileSync(join(directory, 'state', 'spilled'), 'no folder');
  assert.deepEqual(await sendTraces(child.ready.ports.http, 2), [200, 200]);
  child.process.kill('SIGINT');
  await until('stopping', () => child.output().includes('event=message_draining_started'));
  const startedAt = performance.now();
  child.process.kill('SIGINT');
  assert.equal(await child.ended, 2);
  assert.ok(performance.now() - startedAt < 4000);
  assert.match(child.output(), /ERROR 2 acknowledged messages are lost/);
});

test('what can be kept nowhere is lost: said, and exit code 2', async (t) => {
  const directory = folder();
  mkdirSync(join(directory, 'data', 'otlp-traces.jsonl'), { recursive: true });
  const child = await bridgeProcess(t, directory, { 'bridge.file.dir': join(directory, 'data'), 'bridge.flush.timeout.ms': '100' });
  writeFileSync(join(directory, 'state', 'spilled'), 'no folder');
  assert.deepEqual(await sendTraces(child.ready.ports.http, 2), [200, 200]);
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 2);
  assert.match(child.output(), /ERROR \[otlp-source\|task-0\] event=messages_lost count=2 error=/);
  assert.match(child.output(), /ERROR 2 acknowledged messages are lost \(otlpctl\.bridge:0\)/);
});

test('a second signal waits for the sink no longer', async (t) => {
  const directory = folder();
  mkdirSync(join(directory, 'data', 'otlp-traces.jsonl'), { recursive: true });
  const child = await bridgeProcess(t, directory, { 'bridge.file.dir': join(directory, 'data'), 'bridge.flush.timeout.ms': '600000' });
  assert.deepEqual(await sendTraces(child.ready.ports.http, 2), [200, 200]);
  child.process.kill('SIGTERM');
  await until('stopping', () => child.output().includes('event=message_draining_started'));
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 1);
  assert.match(child.output(), /SIGTERM again: the sink is waited for no longer/);
});

test('a second bridge on the same folder does not start and names the first; a killed one is taken over and its connectors come back', async (t) => {
  const directory = folder();
  const first = await bridgeProcess(t, directory);
  const rest = `http://127.0.0.1:${first.ready.ports.rest}`;
  assert.equal(
    (await ask(`${rest}/connectors/otlp-source/config`, { method: 'PATCH', body: { 'otlp.message.queue.size': '777' } })).status,
    200,
  );
  const second = spawn(process.execPath, [ENTRY, first.readyFile, `bridge.state.dir=${join(directory, 'state')}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  second.stderr.on('data', (chunk) => (complaint += String(chunk)));
  assert.notEqual(await new Promise((end) => second.once('close', end)), 0);
  assert.match(complaint, new RegExp(`is held by a running bridge \\(pid ${first.process.pid}\\)`));
  assert.equal((JSON.parse(readFileSync(first.readyFile, 'utf8')) as Ready).pid, first.process.pid);

  first.process.kill('SIGKILL');
  await first.ended;
  const third = await bridgeProcess(t, directory);
  assert.match(third.output(), new RegExp(`pid ${first.process.pid}\\) ended without letting go of it: taken over`));
  const config = (await ask(`http://127.0.0.1:${third.ready.ports.rest}/connectors/otlp-source/config`)).json as Record<string, string>;
  assert.equal(config['otlp.message.queue.size'], '777');
});

test('a ready file that cannot be written is said before anything is made', async () => {
  const directory = folder();
  for (const [readyFile, why] of [
    [directory, 'is a folder: name a file'],
    [join(directory, 'nowhere', 'ready.json'), 'cannot be written: no such file or folder'],
  ]) {
    const settings = testSettings(join(directory, 'state'));
    const parts = { write: () => assert.fail('nothing is logged'), now: Date.now, readyFile, onSignal: () => () => {} };
    await assert.rejects(runBridge(settings, parts), { code: 'bad-input', message: `--ready-file ${readyFile} ${why}` });
    assert.deepEqual(readdirSync(directory), []);
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { inProcess, start } from '../doubles/in-process.ts';
import { until } from '../doubles/until.ts';

/** An exporter that refuses while `down`; its counters stand still. */
async function exporter(t: { after(end: () => void): void }) {
  const page = readFileSync(new URL('../../fixtures/recorded/metrics/jmx_exporter-runbook.txt', import.meta.url), 'utf8');
  const state = { down: false };
  const server = createServer((_request, answer) => {
    if (state.down) return void answer.writeHead(503).end();
    answer.setHeader('content-type', 'text/plain; version=0.0.4').end(page);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const args = ['metrics', '--connect-url', 'none', '--metrics-url', `http://127.0.0.1:${port}/metrics`, '--window', '0'];
  return { state, args };
}

const blocks = (said: string): string[] => said.split(/^\d\d:\d\d:\d\d UTC\n/m).slice(1);

test('every attribute with its value, thresholds and the state of its alerts; --signal leaves those of one', async (t) => {
  const { args } = await exporter(t);
  const all = await inProcess(args);
  assert.equal(all.code, 0, all.stderr);
  assert.match(all.stdout, /^TracesReceived +3 +none, after some: unknown$/m);
  assert.match(all.stdout, /^MaxQueueUtilizationPercent +- +dead: reads 0 whatever happens; > 80 %/m);
  const one = await inProcess([...args, '--signal', 'logs', '--format', 'json']);
  const { attributes } = JSON.parse(one.stdout) as { attributes: { name: string; thresholds: { id: string; limit: string }[] }[] };
  assert.deepEqual(
    attributes.map(({ name }) => name),
    ['LogsReceived', 'LogsDropped', 'LogsQueueSize', 'QueueCapacity'],
  );
  assert.deepEqual(
    attributes[1]?.thresholds.map(({ id, limit }) => `${id} ${limit}`),
    ['LogsQueueDropping > 0', 'LogsLossHigh > 1 %'],
  );
});

test('--watch prints a block a look, one that fails too, and ends with the code of the last', async (t) => {
  const { state, args } = await exporter(t);
  const running = start([...args, '--watch']);
  await until('a block', () => (blocks(running.said()).length >= 1 ? true : undefined));
  state.down = true;
  await until('a block of a look that failed', () => (/no metrics of the connector could be read/.test(running.said()) ? true : undefined));
  running.signal('SIGINT');
  const failed = await running.ran;
  assert.equal(failed.code, 3);
  assert.match(blocks(failed.stdout)[0]!, /^otlp-source|^no connector named/);
  state.down = false;
  const again = start([...args, '--watch']);
  await until('a block', () => (blocks(again.said()).length >= 1 ? true : undefined));
  again.signal('SIGINT');
  assert.equal((await again.ran).code, 0);
});

test('what has an end and what does not change are not watched', async (t) => {
  const { args } = await exporter(t);
  const [json, replay] = await Promise.all([
    inProcess([...args, '--watch', '--format', 'json']),
    inProcess(['metrics', '--watch', '--replay', '/nowhere']),
  ]);
  assert.deepEqual([json.code, replay.code], [3, 3]);
  assert.match(json.stdout + json.stderr, /--watch and --format json do not go together/);
  assert.match(replay.stderr, /--watch and --replay do not go together/);
});

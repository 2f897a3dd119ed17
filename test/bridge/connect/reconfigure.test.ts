import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { STORED } from '../../../bridge/sinks/sink.ts';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';
import type { Signal } from '../../../proto/vocabulary/signals.ts';
import { exportRequest } from '../../doubles/load.ts';
import { overGrpc } from '../../real/stand/otlp-clients.ts';
import { freePorts } from '../../real/stand/ports.ts';
import { ask, folder, running, testSettings, until } from '../bridge-fixture.ts';

const TYPE = { 'content-type': 'application/x-protobuf' };
/** Ended, because a digit may follow in the bytes. */
const MARK = /mark-\w+-\d+\./;

/** Sends one marked request after the other; what is not answered OK is sent again until it is, as an SDK does. */
async function sender(mark: string, signal: Signal, post: (body: Buffer) => Promise<boolean>, stop: AbortSignal) {
  const acknowledged: string[] = [];
  let refusals = 0;
  for (let count = 0; !stop.aborted; count++) {
    const name = `mark-${mark}-${count}.`;
    const body = exportRequest(signal, name);
    for (let isTaken = false; !isTaken;) {
      isTaken = await post(body).catch(() => false);
      if (!isTaken) refusals++;
    }
    acknowledged.push(name);
  }
  return { acknowledged, refusals };
}

const overHttp = (port: number) => (body: Buffer) =>
  ask(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', body, headers: TYPE }).then(({ status }) => status === 200);
const overRpc = (port: number, signal: Signal) => (body: Buffer) => overGrpc(port, signal, body).then((codes) => codes[0] === 1);

test('changes under traffic restart the task of that connector alone, and nothing that was acknowledged is lost', async (t) => {
  const [grpcA, httpA, grpcB, httpB] = (await freePorts(4)) as [number, number, number, number];
  const portsOf = (grpc: number, http: number) => ({ 'otlp.grpc.port': String(grpc), 'otlp.http.port': String(http) });
  const { bridge, rest } = await running(t, testSettings(folder(), portsOf(grpcA, httpA)));
  const stored: { topic: string; mark: string }[] = [];
  const open = bridge.sink.open.bind(bridge.sink);
  bridge.sink.open = (to) => {
    const outlet = open(to);
    return {
      ...outlet,
      async write(batch) {
        // Slow enough that something is queued whenever a change comes.
        await pause(20);
        const written = await outlet.write(batch);
        assert.deepEqual(written, STORED);
        for (const { body } of batch) stored.push({ topic: to.topic, mark: MARK.exec(body.toString('latin1'))![0] });
        return written;
      },
    };
  };
  const configB = { 'connector.class': CONNECTOR_CLASS, ...portsOf(grpcB, httpB) };
  assert.equal((await rest('/connectors', { method: 'POST', body: { name: 'b', config: configB } })).status, 201);
  const ofChanged = () => stored.filter(({ mark }) => mark.startsWith('mark-a')).length;
  const taskOf = (name: string) => bridge.worker.find(name)!.task;
  const taskB = taskOf('b');

  const config = async () => (await rest('/connectors/otlp-source/config')).json as Record<string, string>;
  const change = (method: string, body: object) => rest('/connectors/otlp-source/config', { method, body });
  // The task that was there before the sink was slow makes way for one that writes through it.
  assert.equal((await change('PATCH', { 'otlp.message.queue.size': '300' })).status, 200);

  const stop = new AbortController();
  t.after(() => stop.abort());
  const senders = [
    sender('ah', 'traces', overHttp(httpA), stop.signal),
    sender('ag', 'logs', overRpc(grpcA, 'logs'), stop.signal),
    sender('bh', 'traces', overHttp(httpB), stop.signal),
    sender('bg', 'metrics', overRpc(grpcB, 'metrics'), stop.signal),
  ];
  const changes: (() => Promise<{ status: number }>)[] = [
    () => change('PATCH', { 'otlp.message.queue.size': '200' }),
    () => change('PATCH', { 'kafka.topic.logs': 'other-logs' }),
    async () => change('PUT', { ...(await config()), 'otlp.message.format': 'protobuf' }),
    () => change('PATCH', { 'otlp.message.queue.size': null }),
  ];
  for (const apply of changes) {
    const before = taskOf('otlp-source');
    const seen = ofChanged();
    assert.equal((await apply()).status, 200);
    assert.notEqual(taskOf('otlp-source'), before, 'the task is a new one');
    await until('the new task to store what is sent', () => ofChanged() > seen + 20, 10_000);
  }
  const last = taskOf('otlp-source');
  for (const [method, body] of [
    ['PATCH', {}],
    ['PUT', await config()],
    ['PATCH', { 'otlp.message.format': 'protobuf' }],
  ] as const)
    assert.equal((await change(method, body)).status, 200);
  assert.equal((await change('PATCH', { 'otlp.message.queue.size': '5' })).status, 400);
  assert.equal(taskOf('otlp-source'), last, 'what changes nothing, or is refused, restarts nothing');

  stop.abort();
  const [ah, ag, bh, bg] = await Promise.all(senders);
  await bridge.stop(5000);
  const marks = new Set(stored.map(({ mark }) => mark));
  for (const { acknowledged } of [ah!, ag!, bh!, bg!]) {
    assert.ok(acknowledged.length > 0);
    assert.deepEqual(
      acknowledged.filter((mark) => !marks.has(mark)),
      [],
    );
  }
  assert.deepEqual([taskOf('b') ?? taskB, bh!.refusals, bg!.refusals], [taskB, 0, 0], 'the other connector noticed nothing');
  assert.ok(ah!.refusals + ag!.refusals > 0, 'the changed one sent somebody away, or this has shown nothing');
  assert.deepEqual(
    new Set(stored.filter(({ mark }) => mark.includes('-ag-')).map(({ topic }) => topic)),
    new Set(['otlp-logs', 'other-logs']),
  );
});

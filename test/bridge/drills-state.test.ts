import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepts, exercise } from './drills-fixture.ts';

test('a failure that only a JVM has: both traces, an unknown type, closed ports and no metrics', async (t) => {
  const { drill, end, status, metrics, ports } = await exercise(t);
  const before = await status();
  await drill('state:FAILED/FAILED,trace=plugin-removed');
  const { connector, tasks, type } = await status();
  assert.deepEqual([connector.state, tasks[0]?.state, type], ['FAILED', 'FAILED', 'unknown']);
  assert.match(connector.trace ?? '', /Failed to find any class that implements Connector/);
  assert.match(tasks[0]?.trace ?? '', /is not a recognizable type \(source or sink\)/);
  assert.equal(await accepts(ports.http), false);
  assert.equal((await metrics('/metrics.json')).status, 404);
  await end();
  assert.deepEqual(await status(), before);
  assert.equal(await accepts(ports.http), true);
  assert.equal((await metrics('/metrics.json')).status, 200);
});

test('a stale RUNNING of a worker that is gone leaves the ports to another drill', async (t) => {
  const { drill, status, rest, ports } = await exercise(t);
  await drill('state:RUNNING/RUNNING,worker=127.0.0.2:8084');
  assert.deepEqual([(await status()).connector.worker_id, (await status()).tasks[0]?.worker_id], ['127.0.0.2:8084', '127.0.0.2:8084']);
  assert.equal(((await rest('/connectors/otlp-source/tasks/0/status')).json as { worker_id: string }).worker_id, '127.0.0.2:8084');
  assert.equal(await accepts(ports.http), true);
  await drill('state:RUNNING/RUNNING,worker=127.0.0.2:8084', 'recv:closed');
  assert.equal(await accepts(ports.http), false);
});

test('a trace as it is, with commas, where FAILED is shown and nowhere else', async (t) => {
  const { drill, status, lines } = await exercise(t);
  await drill('state:RUNNING/FAILED,trace=java.lang.Error: one, two\n\tat Here.java\nCaused by: x.Y: three');
  const { connector, tasks } = await status();
  assert.equal(connector.trace, undefined);
  assert.match(tasks[0]?.trace ?? '', /one, two\n\tat Here\.java\nCaused by: x\.Y: three$/);
  assert.ok(lines.every(({ message }) => !message.includes('\n')));
});

test('UNASSIGNED closes the ports; a connector without tasks has none', async (t) => {
  const { drill, status, rest, ports } = await exercise(t);
  await drill('state:UNASSIGNED/UNASSIGNED');
  assert.equal(await accepts(ports.grpc), false);
  await drill('state:RUNNING/none');
  assert.deepEqual((await status()).tasks, []);
  assert.equal((await rest('/connectors/otlp-source/tasks/0/status')).status, 404);
  assert.equal(await accepts(ports.grpc), false);
  await drill('state:PAUSED/PAUSED');
  assert.equal(await accepts(ports.grpc), true);
});

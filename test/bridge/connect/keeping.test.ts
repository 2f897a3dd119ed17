import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';
import { folder, running, testSettings } from '../bridge-fixture.ts';

const NEW = { 'connector.class': CONNECTOR_CLASS, 'otlp.grpc.port': '0', 'otlp.http.port': '0' };

/** While it is so, nothing can be kept, as on a full disk: the file that a save writes first is a folder. */
const fullDisk = (directory: string) => {
  const draft = join(directory, `connectors.json.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  return () => rmSync(draft, { recursive: true });
};

test('a change that cannot be kept is refused and leaves everything as it was', async (t) => {
  const directory = folder();
  const { rest, lines, bridge } = await running(t, testSettings(directory));
  const config = (await rest('/connectors/otlp-source/config')).json;
  const { startedAt } = bridge.worker.find('otlp-source')!.task!;
  const emptied = fullDisk(directory);

  const changes: [path: string, method: string, body?: unknown][] = [
    ['/connectors', 'POST', { name: 'second', config: NEW }],
    ['/connectors/third/config', 'PUT', NEW],
    ['/connectors/otlp-source/config', 'PUT', { ...NEW, 'otlp.message.queue.size': '500' }],
    ['/connectors/otlp-source/config', 'PATCH', { 'otlp.message.queue.size': '500' }],
    ['/connectors/otlp-source/pause', 'PUT'],
    ['/connectors/otlp-source/stop', 'PUT'],
    ['/connectors/otlp-source', 'DELETE'],
  ];
  for (const [path, method, body] of changes) {
    const { status, json } = await rest(path, { method, body });
    assert.equal(status, 500, `${method} ${path}`);
    assert.match((json as { message: string }).message, /^The change is not made, because it cannot be kept in /);
  }
  assert.deepEqual((await rest('/connectors')).json, ['otlp-source']);
  assert.deepEqual((await rest('/connectors/otlp-source/config')).json, config);
  const status = (await rest('/connectors/otlp-source/status')).json as { connector: { state: string }; tasks: { state: string }[] };
  assert.deepEqual([status.connector.state, status.tasks[0]?.state], ['RUNNING', 'RUNNING']);
  assert.equal(bridge.worker.find('otlp-source')!.task!.startedAt, startedAt);

  // What changes nothing that outlives the task is done all the same.
  assert.equal((await rest('/connectors/otlp-source/tasks/0/restart', { method: 'POST' })).status, 204);
  assert.ok(lines.some(({ level, message }) => level === 'ERROR' && message.startsWith('The connectors could not be kept: ')));
  emptied();
  assert.equal((await rest('/connectors', { method: 'POST', body: { name: 'second', config: NEW } })).status, 201);
  assert.match(readFileSync(join(directory, 'connectors.json'), 'utf8'), /"second"/);
});

test('a bridge that leaves takes no change, and does not answer as if it did', async (t) => {
  const { rest, bridge } = await running(t, testSettings(folder()));
  bridge.leave();
  for (const [path, method] of [
    ['/connectors/otlp-source/pause', 'PUT'],
    ['/connectors/otlp-source/restart', 'POST'],
    ['/connectors/otlp-source/restart?includeTasks=true', 'POST'],
    ['/connectors/otlp-source/tasks/0/restart', 'POST'],
  ] as const)
    assert.equal((await rest(path, { method })).status, 503, path);
});

test('a bridge starts though nothing can be kept', async (t) => {
  const directory = folder();
  fullDisk(directory);
  const { rest } = await running(t, testSettings(directory));
  assert.equal((await rest('/health')).status, 200);
});

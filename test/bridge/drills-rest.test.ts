import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepts, exercise } from './drills-fixture.ts';

test('rest:CODE answers everything with that error, and then REST is itself again', async (t) => {
  const { drill, end, rest, metrics } = await exercise(t);
  await drill('rest:401');
  for (const path of ['/', '/connectors', '/no/such']) {
    const { status, headers, json } = await rest(path);
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Basic realm="drill"'], path);
    assert.deepEqual(json, { error_code: 401, message: 'HTTP 401 Unauthorized' });
  }
  assert.equal((await metrics('/metrics.json')).status, 200);
  await end();
  assert.equal((await rest('/connectors/otlp-source/status')).status, 200);
});

test('rest:hang answers nothing before it ends, and then what was asked', async (t) => {
  const { drill, end, rest, metrics } = await exercise(t);
  await drill('rest:hang');
  let answered = false;
  const asked = rest('/connectors').finally(() => (answered = true));
  // Another look that was answered since shows that this one is held, not slow.
  assert.equal((await metrics('/metrics.json')).status, 200);
  assert.equal(answered, false);
  await end();
  assert.deepEqual((await asked).json, ['otlp-source']);
});

test('rest:refuse closes the port, which is the same afterwards', async (t) => {
  const { drill, end, rest, ports } = await exercise(t);
  await drill('rest:refuse');
  assert.equal(await accepts(ports.rest), false);
  assert.equal(await accepts(ports.http), true);
  await end();
  assert.equal((await rest('/')).status, 200);
});

test('rest:starting knows no connector and runs no task', async (t) => {
  const { drill, end, rest, metrics, ports, status } = await exercise(t);
  await drill('rest:starting');
  assert.equal((await rest('/')).status, 200);
  assert.equal((await rest('/health')).status, 503);
  assert.deepEqual((await rest('/connectors')).json, []);
  assert.deepEqual((await rest('/connectors?expand=status')).json, {});
  const unknown = await rest('/connectors/otlp-source/status');
  assert.deepEqual([unknown.status, (unknown.json as { message: string }).message], [404, 'No status found for connector otlp-source']);
  assert.equal((await rest('/connectors/otlp-source/pause', { method: 'PUT' })).status, 500);
  assert.equal((await metrics('/metrics.json')).status, 404);
  assert.deepEqual([await accepts(ports.grpc), await accepts(ports.http)], [false, false]);
  await end();
  assert.equal((await status()).tasks[0]?.state, 'RUNNING');
  assert.deepEqual([await accepts(ports.grpc), await accepts(ports.http)], [true, true]);
});

test('rest:409xN stops so many changes and no look', async (t) => {
  const { drill, rest } = await exercise(t);
  await drill('rest:409x2');
  const restart = () => rest('/connectors/otlp-source/restart', { method: 'POST' });
  assert.equal((await restart()).status, 409);
  assert.equal((await rest('/connectors/otlp-source/status')).status, 200);
  assert.equal((await restart()).status, 409);
  assert.equal((await restart()).status, 204);
});

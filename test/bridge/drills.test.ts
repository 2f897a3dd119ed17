import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBridge } from '../../bridge/index.ts';
import { ask, folder, running, testSettings, until } from './bridge-fixture.ts';
import { accepts, exercise } from './drills-fixture.ts';

const errorOf = (json: unknown): string => (json as { error: string }).error;

test('drills are off unless asked for: shown so, and nothing switches them', async (t) => {
  const { metrics } = await running(t, testSettings(folder()));
  assert.equal(((await metrics('/metrics.json')).json as { drills: unknown }).drills, 'off');
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const { status, json } = await metrics('/drills', { method, ...(method === 'PUT' && { body: { drill: 'rest:401' } }) });
    assert.equal(status, 404);
    assert.match(errorOf(json), /^drills are off here: start the bridge with bridge\.drills=on$/);
  }
});

test('what is on is shown by /drills and by the metrics, said in the log, and ended as a whole', async (t) => {
  const { drill, end, metrics, lines } = await exercise(t);
  assert.deepEqual(((await metrics('/metrics.json')).json as { drills: unknown }).drills, []);
  const { status, json } = await drill('rest:401', 'sink:down');
  assert.equal(status, 200);
  assert.deepEqual((json as { on: unknown }).on, ['rest:401', 'sink:down']);
  assert.deepEqual(((await metrics('/metrics.json')).json as { drills: unknown }).drills, ['rest:401', 'sink:down']);
  // PUT says all that is to be on.
  assert.deepEqual(((await drill('rest:500')).json as { on: unknown }).on, ['rest:500']);
  assert.deepEqual(((await end()).json as { on: unknown }).on, []);
  const said = lines.filter(({ logger }) => logger.endsWith('Drills'));
  assert.deepEqual(
    said.map(({ message }) => message.split(':').slice(0, 2).join(':')),
    [
      'Drill rest:401 is on',
      'Drill sink:down is on',
      'Drill sink:down is off',
      'Drill rest:401 is off',
      'Drill rest:500 is on',
      'Drill rest:500 is off',
    ],
  );
  assert.ok(said.every(({ level }) => level === 'WARN'));
});

test('a drill with an end of its own ends', async (t) => {
  const { metrics, rest } = await exercise(t);
  const { json } = await metrics('/drills', { method: 'PUT', body: { drill: 'rest:503', forSeconds: 1 } });
  assert.ok(Date.parse((json as { endsAt: string }).endsAt) > 0);
  assert.equal((await rest('/')).status, 503);
  await until('REST answers again', async () => (await rest('/')).status === 200);
  assert.deepEqual(((await metrics('/drills')).json as { on: unknown; endsAt: unknown }).endsAt, null);
});

const UNREAD: [what: string, drill: unknown, message: RegExp][] = [
  ['no family', 'network:down', /^there is no drill "network:down": give rest:CODE, .*state:.*recv:closed.*sink:down.*metrics:refuse/],
  [
    'a family without such a drill',
    'rest:slow',
    /^there is no drill "rest:slow": give rest:CODE, rest:hang, rest:refuse, rest:starting, rest:409xN$/,
  ],
  ['a status that is none', 'rest:499', /^there is no drill "rest:499"/],
  ['a name from the prototype', 'constructor:name', /^there is no drill "constructor:name"/],
  [
    'a state that Connect has not',
    'state:RUNNING/BROKEN',
    /^state:RUNNING\/BROKEN cannot be shown: write state:CONNECTOR\/TASK.*UNASSIGNED, RUNNING/,
  ],
  ['a trace where nothing failed', 'state:RUNNING/RUNNING,trace=missing-jar', /^trace= is shown where something is FAILED/],
  [
    'a trace that is not kept',
    'state:RUNNING/FAILED,trace=no-such',
    /^trace=no-such is neither a trace .* plugin-removed, missing-jar, converter-mismatch$/,
  ],
  ['a rate of nothing', 'sink:slow=0', /^there is no drill "sink:slow=0": give sink:down/],
  ['an attribute that is none', 'metrics:set TracesLost=1', /^TracesLost=1 cannot be set: write metrics:set .* one of TracesReceived, /],
  ['a door shut for ever', 'metrics:refuse', /^metrics:refuse closes the port that it would be ended over: give forSeconds with it$/],
  ['two of a family', ['rest:401', 'rest:hang'], /^two drills of rest at once/],
  ['no drill at all', [], /^the body is not/],
  ['a number', 7, /^the body is not/],
];

test('what is no drill is refused in one sentence that says what there is, and changes nothing', async (t) => {
  const { metrics, drill } = await exercise(t);
  await drill('rest:401');
  for (const [what, text, message] of UNREAD) {
    const { status, json } = await metrics('/drills', { method: 'PUT', body: { drill: text } });
    assert.equal(status, 400, what);
    assert.match(errorOf(json), message, what);
  }
  for (const body of ['{', '{"drill":"rest:401","until":1}', '{"drill":"rest:401","forSeconds":0}'])
    assert.equal((await metrics('/drills', { method: 'PUT', body })).status, 400, body);
  assert.equal((await metrics('/drills', { method: 'POST', body: {} })).status, 405);
  assert.deepEqual(((await metrics('/drills')).json as { on: unknown }).on, ['rest:401']);
});

test('drills and a bridge that others can reach do not go together', async (t) => {
  const open = testSettings(folder(), { 'bridge.drills': 'on', 'otlp.bind.address': '0.0.0.0' });
  await assert.rejects(
    startBridge(open, { log: () => {}, now: Date.now }),
    /^Error: bridge\.drills=on: otlp\.bind\.address=0\.0\.0\.0 of otlp-source is beyond this machine/,
  );
  for (const what of ['rest', 'metrics']) {
    const key = `bridge.${what}.bind.address`;
    const reachable = testSettings(folder(), { 'bridge.drills': 'on', 'bridge.allow.unauthenticated': 'true', [key]: '0.0.0.0' });
    await assert.rejects(startBridge(reachable, { log: () => {}, now: Date.now }), {
      message: `bridge.drills=on: ${key}=0.0.0.0 is beyond this machine: give 127.0.0.1, or leave drills off`,
    });
  }
  const { rest, status, metrics } = await exercise(t);
  await rest('/connectors/otlp-source/config', { method: 'PATCH', body: { 'otlp.bind.address': '0.0.0.0' } });
  await until('the task to fail', async () => (await status()).tasks[0]?.state === 'FAILED');
  assert.match((await status()).tasks[0]?.trace ?? '', /bridge\.drills is on, and 0\.0\.0\.0 is beyond this machine/);
  assert.equal((await metrics('/drills', { headers: { host: 'evil.example' } })).status, 403);
});

test('a bridge stops while drills are on, and closes what they opened', async (t) => {
  const { bridge, drill, ports } = await exercise(t);
  await drill('recv:hang', 'rest:refuse', 'sink:hang');
  await bridge.stop(200);
  for (const port of Object.values(ports)) assert.equal(await accepts(port), false, `port ${port}`);
  await assert.rejects(ask(`http://127.0.0.1:${ports.metrics}/drills`));
});

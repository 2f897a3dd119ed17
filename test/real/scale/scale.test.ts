import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { NAMES } from './balancer.ts';
import { acknowledgedBy, answering, killed, kindsOf, scene } from './scene.ts';
import { STORES } from './stores.ts';

/** What a bridge holds at least when it is killed, where its store lets it hold any. */
const HELD = 50;

for (const [name, open] of Object.entries(STORES))
  test(`three bridges behind HAProxy, one stopped, one killed, both replaced, under load: ${name}`, async (t) => {
    const store = await open(t);
    const { bridges, folders, start, sent, stopSending } = await scene(t, () => store.keys);
    await Promise.all(NAMES.map((name) => answering(sent, name, 50)));
    const before = sent.failures.length;

    assert.equal(await bridges['bridge-2'].stop(), 0, 'all that it held is delivered');
    assert.deepEqual(kindsOf(sent.failures.slice(before)), {}, 'a graceful stop behind the balancer is not noticed by anybody');
    await start('bridge-2');
    await answering(sent, 'bridge-2', 50);

    const kill = await killed(bridges['bridge-3'], 'bridge-3', sent, store.killedMayLose ? HELD : 0);
    await answering(sent, 'bridge-1', 50);
    await start('bridge-3');
    await Promise.all(NAMES.map((name) => answering(sent, name, 50)));
    await stopSending();
    for (const name of NAMES) assert.equal(await bridges[name].stop(), 0, name);

    const kinds = JSON.stringify(kindsOf(sent.failures));
    assert.equal(sent.givenUp.length, 0, `every failure is one to try again after: ${kinds}`);
    const stored = await store.ids(folders);
    const different = new Set(stored);
    const missing = [...sent.acknowledged].filter(([id]) => !different.has(id));
    t.diagnostic(
      `${sent.acknowledged.size} acknowledged (${NAMES.map((name) => `${name} ${acknowledgedBy(sent, name)}`).join(', ')}), ` +
        `${sent.failures.length} failed tries (${kinds}), ${different.size} stored, ${stored.length - different.size} of them twice, ${missing.length} lost with the killed one`,
    );
    assert.equal(
      missing.filter(([, { by, at }]) => by !== 'bridge-3' || at > kill.at).length,
      0,
      'what is missing was acknowledged by the bridge that was killed, before that',
    );
    const most = store.killedMayLose ? kill.most() : 0;
    assert.ok(missing.length <= most, `${missing.length} are missing, and ${most} may be`);
    if (store.killedMayLose) assert.ok(missing.length > 0, 'what a kill takes is seen here');
  });

test('a stop that takes long is noticed by nobody where there is grace; without, it is, and senders try again', async (t) => {
  // No write succeeds where the topic's file is a folder, so every stop refuses for as long as it waits for the sink, and spills.
  const keys = { 'bridge.sink': 'file', 'bridge.ack': 'queue', 'bridge.flush.timeout.ms': '3000' };
  const breakSink = (folder: string) => mkdirSync(join(folder, 'data', 'otlp-traces.jsonl'), { recursive: true });
  const { bridges, sent, stopSending } = await scene(
    t,
    (name) => (name === 'bridge-2' ? { ...keys, 'bridge.stop.grace.ms': '0' } : keys),
    breakSink,
  );
  await Promise.all(NAMES.map((name) => answering(sent, name, 20)));
  const before = sent.failures.length;
  assert.equal(await bridges['bridge-1'].stop(), 1, 'what it held is spilled');
  assert.deepEqual(kindsOf(sent.failures.slice(before)), {}, 'with grace');
  assert.equal(await bridges['bridge-2'].stop(), 1);
  const kinds = kindsOf(sent.failures.slice(before));
  assert.ok(kinds['grpc UNAVAILABLE']! > 0 && kinds['http 503']! > 0, `without grace: ${JSON.stringify(kinds)}`);
  await stopSending();
  assert.equal(sent.givenUp.length, 0);
  t.diagnostic(`without grace: ${JSON.stringify(kinds)}`);
});

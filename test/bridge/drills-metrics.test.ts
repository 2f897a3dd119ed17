import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendTraces, until } from './bridge-fixture.ts';
import { accepts, exercise, type Exercise } from './drills-fixture.ts';

type Document = Record<'counters' | 'gauges' | 'derived', Record<string, number>> & { drills: unknown };
const look = async ({ metrics }: Exercise): Promise<Document> => (await metrics('/metrics.json')).json as Document;

test('metrics:set shows values, and what follows from them', async (t) => {
  const one = await exercise(t);
  await sendTraces(one.ports.http, 2);
  await one.drill('metrics:set TracesDropped=8,DropRate=1200,QueueCapacity=0');
  const { counters, gauges, derived } = await look(one);
  assert.deepEqual([counters['TracesReceived'], counters['TracesDropped'], gauges['QueueCapacity']], [2, 8, 0]);
  assert.deepEqual([derived['TotalMessagesDropped'], derived['DropRate']], [8, 1200]);
  await one.end();
  const after = await look(one);
  assert.deepEqual([after.counters['TracesDropped'], after.derived['DropRate'], after.gauges['QueueCapacity']], [0, 0, 10000]);
});

test('metrics:set with a rate rises', async (t) => {
  const one = await exercise(t);
  await one.drill('metrics:set LogsDropped=+1000/s');
  const first = (await look(one)).counters['LogsDropped']!;
  await until('a rise', async () => (await look(one)).counters['LogsDropped']! > first);
});

test('metrics:stale stands still', async (t) => {
  const one = await exercise(t);
  await one.drill('metrics:stale');
  const before = (await look(one)).counters;
  await sendTraces(one.ports.http, 2);
  assert.deepEqual((await look(one)).counters, before);
  await one.end();
  assert.equal((await look(one)).counters['TracesReceived'], 2);
});

test('metrics:empty answers without values', async (t) => {
  const one = await exercise(t);
  await one.drill('metrics:empty');
  const { counters, gauges, derived, drills } = await look(one);
  assert.deepEqual([counters, gauges, derived, drills], [{}, {}, {}, ['metrics:empty']]);
  await one.end();
  assert.equal((await look(one)).counters['TracesReceived'], 0);
});

test('metrics:refuse closes the port for the time given', async (t) => {
  const one = await exercise(t);
  const { status } = await one.metrics('/drills', { method: 'PUT', body: { drill: 'metrics:refuse', forSeconds: 1 } });
  assert.equal(status, 202);
  await until('the port to be closed', async () => !(await accepts(one.ports.metrics)));
  assert.equal((await one.rest('/')).status, 200);
  await until('the port to be open', () => accepts(one.ports.metrics));
  assert.deepEqual((await look(one)).drills, []);
});

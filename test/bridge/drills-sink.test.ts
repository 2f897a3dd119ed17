import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemorySink } from '../../bridge/sinks/memory.ts';
import { sendTraces, until } from './bridge-fixture.ts';
import { exercise, type Exercise } from './drills-fixture.ts';

const values = async ({ metrics }: Exercise): Promise<Record<string, number>> => {
  const { counters, gauges, derived } = (await metrics('/metrics.json')).json as Record<string, Record<string, number>>;
  return { ...counters, ...gauges, ...derived };
};
const produced = async (one: Exercise): Promise<number> => (await values(one))['RecordsProduced'] ?? 0;

for (const [drill, why] of [
  ['sink:down', /drill: connection refused/],
  ['sink:missing=otlp-traces', /drill: \{otlp-traces=UNKNOWN_TOPIC_OR_PARTITION\}/],
  ['sink:reject=NOT_ENOUGH_REPLICAS', /drill: NOT_ENOUGH_REPLICAS/],
] as const) {
  test(`${drill}: what comes is kept and says why, and is delivered afterwards`, async (t) => {
    const one = await exercise(t);
    await one.drill(drill);
    assert.deepEqual(await sendTraces(one.ports.http, 3), [200, 200, 200]);
    await until('the log to say why', () => one.lines.some(({ message }) => why.test(message)));
    assert.equal(await produced(one), 0);
    await one.end();
    await until('delivery', async () => (await produced(one)) === 3);
  });
}

test('sink:missing leaves other topics alone', async (t) => {
  const one = await exercise(t);
  await one.drill('sink:missing=otlp-logs');
  await sendTraces(one.ports.http, 2);
  await until('delivery', async () => (await produced(one)) === 2);
});

test('sink:hang holds a batch in flight, and delivers it when it ends', async (t) => {
  const one = await exercise(t);
  await one.drill('sink:hang');
  await sendTraces(one.ports.http, 1);
  await until('a batch in flight', async () => (await values(one))['RecordsInFlight'] === 1);
  await sendTraces(one.ports.http, 1);
  assert.deepEqual([await produced(one), (await values(one))['TracesQueueSize']], [0, 1]);
  await one.end();
  await until('delivery', async () => (await produced(one)) === 2);
});

test('sink:slow=N lets through so many a second, and all at once when it ends', async (t) => {
  const one = await exercise(t);
  await one.drill('sink:slow=0.5');
  await sendTraces(one.ports.http, 5);
  await until('the first', async () => (await produced(one)) >= 1);
  assert.ok((await produced(one)) < 5);
  await one.end();
  await until('all', async () => (await produced(one)) === 5);
});

test('sink:discard counts what it throws away', async (t) => {
  const one = await exercise(t, { 'bridge.sink': 'file' });
  await one.drill('sink:discard');
  await sendTraces(one.ports.http, 2);
  await until('delivery, it says', async () => (await produced(one)) === 2);
  assert.equal((one.bridge.sink as Partial<MemorySink>).topics, undefined);
});

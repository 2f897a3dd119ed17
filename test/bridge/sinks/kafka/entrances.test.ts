import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEntrances } from '../../../../bridge/sinks/kafka/entrances.ts';

const failure = (name: string) => Object.assign(new Error(name), { name });
const isNotOver = () => false;

/** Asks three servers, of which each answers as told; gives who was asked. */
function three() {
  const entrances = createEntrances(3);
  return async (answers: Readonly<Record<number, string>>, isOver = isNotOver) => {
    const asked: number[] = [];
    const enter = (server: number) => {
      asked.push(server);
      const name = answers[server];
      return name === undefined ? Promise.resolve(server) : Promise.reject(failure(name));
    };
    const got = await entrances.through(enter, isOver).catch((error: Error) => error.name);
    return { asked, got };
  };
}

test('who lets in is asked first the next time, and who did not is asked last', async () => {
  const ask = three();
  assert.deepEqual(await ask({ 0: 'KafkaJSConnectionError', 1: 'KafkaJSRequestTimeoutError' }), { asked: [0, 1, 2], got: 2 });
  assert.deepEqual(await ask({ 0: 'KafkaJSConnectionError' }), { asked: [2], got: 2 });
  assert.deepEqual(await ask({ 2: 'KafkaJSConnectionClosedError', 0: 'KafkaJSConnectionError' }), { asked: [2, 0, 1], got: 1 });
});

test('where nobody lets in, each was asked once, and the last error is told', async () => {
  const all = { 0: 'KafkaJSRequestTimeoutError', 1: 'KafkaJSConnectionError', 2: 'KafkaJSConnectionClosedError' };
  assert.deepEqual(await three()(all), { asked: [0, 1, 2], got: 'KafkaJSConnectionClosedError' });
});

test('credentials that one does not take are not tried on the others', async () => {
  const ask = three();
  assert.deepEqual(await ask({ 0: 'KafkaJSSASLAuthenticationError' }), { asked: [0], got: 'KafkaJSSASLAuthenticationError' });
});

test('given up, nobody else is asked, and another is first the next time', async () => {
  const ask = three();
  assert.deepEqual(await ask({ 0: 'KafkaJSConnectionError' }, () => true), { asked: [0], got: 'KafkaJSConnectionError' });
  assert.deepEqual(await ask({}), { asked: [1], got: 1 });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSink } from '../../../bridge/sinks/index.ts';
import { openMemorySink } from '../../../bridge/sinks/memory.ts';
import { message, names, to } from '../messages.ts';

test('keeps the last of each topic, oldest first', async () => {
  const sink = openMemorySink(3);
  await sink.open(to('a')).write([message(1), message(2)]);
  await sink.open(to('b')).write([message('x')]);
  assert.deepEqual([names(sink.read('a')), names(sink.read('b')), sink.read('c')], [['1', '2'], ['x'], []]);
  await sink.open(to('a')).write([message(3), message(4), message(5)]);
  assert.deepEqual(names(sink.read('a')), ['3', '4', '5']);
  assert.deepEqual(sink.topics(), ['a', 'b']);
});

test('is what bridge.sink=memory opens', async () => {
  const sink = await openSink({ sink: 'memory', kafka: null, fileDirectory: '/nowhere' }, () => {});
  assert.equal(sink.place, 'memory');
  await sink.close();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProgress } from '../../cli/progress.ts';

test('a slow run names what is pending on a terminal, and clears the line at its end', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: string[] = [];
  const progress = startProgress({ isTTY: true, columns: 80, status: (text) => lines.push(text) });
  progress.onPending(['rest.list', 'log']);
  assert.deepEqual(lines, []);
  t.mock.timers.tick(1000);
  progress.onPending(['log']);
  progress.onPending(['a', 'b', 'c', 'd', 'e']);
  progress.end();
  assert.deepEqual(lines, ['  waiting for rest.list, log', '  waiting for log', '  waiting for a, b, c, d and 1 more', '']);
});

test('a fast run, or no terminal, shows nothing', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: string[] = [];
  const fast = startProgress({ isTTY: true, columns: 80, status: (text) => lines.push(text) });
  fast.onPending(['log']);
  fast.end();
  const piped = startProgress({ isTTY: false, columns: undefined, status: (text) => lines.push(text) });
  t.mock.timers.tick(5000);
  piped.onPending(['log']);
  piped.end();
  assert.deepEqual(lines, []);
});

test('the line is never longer than the terminal is wide', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: string[] = [];
  const progress = startProgress({ isTTY: true, columns: 20, status: (text) => lines.push(text) });
  t.mock.timers.tick(1000);
  progress.onPending(['rest.list', 'receiver.grpc']);
  progress.end();
  assert.deepEqual(lines, ['  waiting for rest.', '']);
});

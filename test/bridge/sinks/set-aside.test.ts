import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LogLine } from '../../../bridge/log.ts';
import { openSetAside } from '../../../bridge/sinks/set-aside.ts';
import { folder } from '../bridge-fixture.ts';
import { message, to } from '../messages.ts';

const FAULT = { reason: 'record-too-large', sentence: 'too large' } as const;

test('what is lost is said apart from what is kept, and each of them not too often', async () => {
  const directory = folder();
  const lines: LogLine[] = [];
  let now = 0;
  const aside = openSetAside(
    directory,
    (line) => lines.push(line),
    () => now,
  );
  const keep = (name: string) => aside.keep(to('topic'), { message: message(name), fault: FAULT });
  const file = join(directory, 'topic.jsonl');
  mkdirSync(file);
  await keep('a');
  await keep('b');
  rmdirSync(file);
  for (const name of ['c', 'd', 'e']) await keep(name);
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['ERROR', 'WARN'],
  );
  assert.match(
    lines[0]!.message,
    /^A message of 1 bytes for topic can never be stored \(too large\) nor set aside \(EISDIR.*\): it is lost$/,
  );
  now = 10_000;
  await keep('f');
  assert.match(lines[2]!.message, /is set aside in \S+topic\.jsonl \(and 2 more since the line before\)$/);
  await aside.close();
  assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, 4);
});

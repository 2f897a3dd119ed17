import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { commandWords } from '../../cli/command-words.ts';

const read = (text: string): string[] => commandWords(text, '--log-command');

/** The shell itself says what is right. */
const byShell = (text: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${text}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

const COMMANDS = [
  'kubectl logs connect-0',
  '  ssh W   cat\t/var/log/connect.log ',
  `ssh W 'cat "/var/log/my connect.log"'`,
  `sh -c 'zcat a.gz | tail -5; echo $HOME'`,
  String.raw`cat my\ connect.log a\\b "a\"b" "a\b" '' "" a'b'"c"d`,
  `'it'\\''s'`,
];

for (const text of COMMANDS) test(`words as the shell has them: ${text}`, () => assert.deepEqual(read(text), byShell(text)));

const REFUSED: readonly (readonly [text: string, sentence: string])[] = [
  ['', '--log-command is empty: give it a value'],
  ['   ', '--log-command is empty: give it a value'],
  [`''`, '--log-command is empty: give it a value'],
  [`cat 'a`, `--log-command has a ' that is never closed`],
  ['cat "a', '--log-command has a " that is never closed'],
  ...['|', '&', ';', '<', '>', '`', '$'].map(
    (sign) =>
      [
        `cat a ${sign} b`,
        `--log-command has ${sign} outside quotes, and no shell runs it: quote it, or write sh -c '…' around the whole`,
      ] as const,
  ),
];

for (const [text, message] of REFUSED)
  test(`refused in one sentence: ${text}`, () => assert.throws(() => read(text), { code: 'bad-input', message }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Args, Flags, Parser } from '@oclif/core';
import { badInput } from '../../cli/bad-input.ts';
import { documentOf, failureOf, sentenceOf } from '../../cli/failure.ts';

/** oclif's own errors, made by oclif's own parser, as sentences. */
const COMMANDS = ['doctor', 'http probe', 'connector status'];
const INPUT = {
  args: { symbol: Args.string({ required: true, ignoreStdin: true }) },
  flags: {
    timeout: Flags.string(),
    format: Flags.option({ options: ['text', 'json'] as const })(),
    verbose: Flags.boolean({ char: 'v' }),
    peak: Flags.string({ required: true }),
    'prometheus-url': Flags.string(),
  },
};

async function said(...argv: string[]): Promise<string> {
  try {
    await Parser.parse(argv, INPUT);
    return 'nothing';
  } catch (error) {
    return sentenceOf(failureOf(error, 'doctor', COMMANDS));
  }
}

const WRONG: readonly [string[], string][] = [
  [['x', '--peak', '1', '--timout', '5'], '--timout: no such option (did you mean "--timeout"?)'],
  [['x', '--peak', '1', '--timout=5'], '--timout: no such option (did you mean "--timeout"?)'],
  [['x', '--peak', '1', '--hel'], '--hel: no such option (did you mean "--help"?)'],
  [['x', '--peak', '1', '-q'], '-q: no such option'],
  [['x', '--peak'], '--peak expects a value'],
  [['x', '--peak', '1', '--peak', '2'], '--peak can only be specified once'],
  [['x', '--peak', '1', '--format', 'xml'], '--format "xml" is not one of text, json'],
  [['x', 'y', '--peak', '1'], '"y" is one argument too many'],
  [['--peak', '1'], 'SYMBOL missing'],
  [['x'], '--peak is needed'],
];
for (const [argv, message] of WRONG) {
  test(`oclif on "${argv.join(' ')}" in one sentence`, async () =>
    assert.equal(await said(...argv), `otlpctl: ${message}, see otlpctl doctor --help`));
}

const UNKNOWN: readonly [string, string][] = [
  ['docter', '"docter" is not a command (did you mean "doctor"?), see otlpctl --help'],
  ['conector:status', '"conector status" is not a command (did you mean "connector status"?), see otlpctl --help'],
  ['http:probe:now', '"now" is one argument too many, see otlpctl http probe --help'],
  ['--format', '--format stands where a command is expected: options come after it, see otlpctl --help'],
  ['--format=json', '--format stands where a command is expected: options come after it, see otlpctl --help'],
  ['xyzzy', '"xyzzy" is not a command, see otlpctl --help'],
];
test('a command that its help does not find either', () =>
  assert.equal(
    sentenceOf(failureOf(new Error('Command docter not found.'), '', COMMANDS)),
    'otlpctl: "docter" is not a command (did you mean "doctor"?), see otlpctl --help',
  ));

for (const [id, message] of UNKNOWN) {
  test(`command ${id}`, () =>
    assert.equal(sentenceOf(failureOf(new Error(`command ${id} not found`), '', COMMANDS)), `otlpctl: ${message}`));
}

test('a sentence of ours is left alone, a crash is said to be one', () => {
  assert.equal(sentenceOf(failureOf(badInput('--a "b" is not c (try d)'), 'doctor', [])), 'otlpctl: --a "b" is not c (try d)');
  assert.deepEqual(failureOf(new TypeError('x is\nundefined'), 'doctor', []), {
    code: 'internal',
    message: 'something in otlpctl itself went wrong: TypeError: x is undefined',
    hint: 'run it again with --debug to see where',
  });
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  assert.equal(sentenceOf(failureOf(full, '', [])), 'otlpctl: the output could not be written: no space left on device');
  assert.deepEqual(JSON.parse(documentOf(failureOf(badInput('no', 'yes'), '', []))), {
    schemaVersion: 1,
    error: { code: 'bad-input', message: 'no', hint: 'yes' },
  });
});

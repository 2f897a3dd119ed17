import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagsFor } from '../../cli/option-flags.ts';
import { OPTION_NAMES, OPTIONS, variableOf, type OptionSpec } from '../../cli/options.ts';
import { parseArgsOptions, parseArgv } from '../../cli/parse-argv.ts';
import { readOptions } from '../../cli/read-options.ts';

const NAMES = ['connect-url', 'connector', 'expect', 'timeout', 'verbose'] as const;

test('the command line wins over the environment, and that over the default', () => {
  const env = { OTLPCTL_TIMEOUT: '7', OTLPCTL_CONNECTOR: 'from-env', OTLPCTL_EXPECT: 'grpc,http', OTLPCTL_VERBOSE: '1' };
  assert.deepEqual(readOptions(NAMES, { connector: 'typed' }, env), {
    values: { 'connect-url': new URL('http://localhost:8083'), connector: 'typed', expect: ['grpc', 'http'], timeout: 7, verbose: true },
    given: ['connector', 'expect', 'timeout', 'verbose'],
    onCommandLine: ['connector'],
  });
});

test('a default is not given, and an empty variable is not set', () => {
  assert.deepEqual(readOptions(['timeout', 'connector'], {}, { OTLPCTL_CONNECTOR: '' }), {
    values: { timeout: 10 },
    given: [],
    onCommandLine: [],
  });
});

test('an error in a variable names the variable', () => {
  assert.throws(() => readOptions(NAMES, {}, { OTLPCTL_TIMEOUT: '1 minute' }), {
    code: 'bad-input',
    message: 'OTLPCTL_TIMEOUT "1 minute" is not a number of seconds (try 60)',
  });
  assert.throws(() => readOptions(NAMES, {}, { OTLPCTL_VERBOSE: 'maybe' }), {
    message: 'OTLPCTL_VERBOSE "maybe" is neither on nor off (try 1 or 0)',
  });
});

test('util.parseArgs and oclif are made from the same table', () => {
  const flags: Record<string, { type: string; char?: string; multiple?: boolean }> = flagsFor(...OPTION_NAMES);
  const parsed = parseArgsOptions(OPTION_NAMES);
  assert.deepEqual(Object.keys(flags), Object.keys(parsed));
  for (const name of OPTION_NAMES) {
    const spec: OptionSpec = OPTIONS[name];
    assert.equal(flags[name]!.type === 'boolean', spec.form === 'switch');
    assert.equal(parsed[name]!.type === 'boolean', spec.form === 'switch');
    assert.equal(flags[name]!.char, spec.short);
    assert.equal(parsed[name]!.short, spec.short);
    assert.match(variableOf(name), /^OTLPCTL_[A-Z_]+$/);
  }
});

test('every option says in one line what it is for', () => {
  for (const name of OPTION_NAMES) assert.match((OPTIONS[name] as OptionSpec).help, /^[^\n]{5,90}$/);
});

const parse = (...argv: string[]) => parseArgv(argv, NAMES);

test('arguments are read as text, switches counted', () => {
  assert.deepEqual(parse('-vv', '--connector=a', '--expect', 'grpc', '--expect', 'http', '-v'), {
    verbose: 3,
    connector: 'a',
    expect: ['grpc', 'http'],
  });
  assert.deepEqual(parse('--connector', '-dash'), { connector: '-dash' });
});

const WRONG: readonly [string[], string][] = [
  [['--peak', '5'], '--peak: no such option'],
  [['--timout', '5'], '--timout: no such option (did you mean "--timeout"?)'],
  [['-x'], '-x: no such option'],
  [['now'], '"now" is one argument too many'],
  [['--timeout'], '--timeout expects a value'],
  [['--timeout', '--connector'], '--timeout expects a value'],
  [['--timeout', '1', '--timeout', '2'], '--timeout can only be specified once'],
  [['--verbose=yes'], '--verbose takes no value'],
];

for (const [argv, message] of WRONG) {
  test(`"${argv.join(' ')}" is refused`, () => assert.throws(() => parseArgv(argv, NAMES), { code: 'bad-input', message }));
}

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { version } from '../../cli/version.ts';
import { otlpctl } from '../doubles/otlpctl.ts';

/** Everything that is typed wrongly: one sentence on stderr, exit code 3, nothing on stdout. */
const WRONG: readonly [string[], string][] = [
  [['capcity'], 'otlpctl: "capcity" is not a command (did you mean "capacity"?), see otlpctl --help'],
  [['doctor', '--timeout', '10 minutes'], 'otlpctl: --timeout "10 minutes" is not a number of seconds (try 600)'],
  [['doctor', '--format', 'xml'], 'otlpctl: --format "xml" is not one of text, json, junit, see otlpctl doctor --help'],
  [
    ['check', 'conector-state'],
    'otlpctl: "conector-state" is not a step that runs (did you mean "connector-state"?), see otlpctl runbook list',
  ],
  [['doctor', '--replay', 'x', '--timeout', '3'], 'otlpctl: --timeout has no say in a --replay: its facts are those of the record'],
  [['doctor', '--replay', '/nowhere'], 'otlpctl: --replay /nowhere cannot be read: no such file or directory'],
];

describe('wrong usage', { concurrency: 2 }, () => {
  for (const [args, sentence] of WRONG) {
    test(`otlpctl ${args.join(' ')}`, async () => {
      assert.deepEqual({ ...(await otlpctl(args)), json: 0 }, { code: 3, stdout: '', stderr: `${sentence}\n`, json: 0 });
    });
  }

  test('with --format json the error is one document on stdout and nothing else', async () => {
    const { code, stdout, stderr } = await otlpctl(['doctor', '--peak', '5', '--format', 'json']);
    assert.deepEqual({ code, stderr }, { code: 3, stderr: '' });
    assert.deepEqual(JSON.parse(stdout), {
      schemaVersion: 1,
      error: { code: 'usage', message: '--peak: no such option', hint: 'see otlpctl doctor --help' },
    });
  });

  test('a variable is read like its option, and named in the sentence', async () => {
    const { code, stderr } = await otlpctl(['doctor'], { env: { OTLPCTL_WINDOW: '-1' } });
    assert.deepEqual(
      [code, stderr],
      [3, 'otlpctl: OTLPCTL_WINDOW "-1" is out of range: it must be 0 or more seconds and at most 2000000 (try 5)\n'],
    );
    const format = await otlpctl(['doctor', '--replay', '/nowhere'], { env: { OTLPCTL_FORMAT: 'json' } });
    assert.equal((JSON.parse(format.stdout) as { error: { code: string } }).error.code, 'bad-input');
  });

  test('a stack only with --debug, NODE_ENV changes nothing', async () => {
    const { code, stderr } = await otlpctl(['doctor', '--replay', '/nowhere', '--debug'], { env: { NODE_ENV: 'development' } });
    assert.equal(code, 3);
    assert.match(stderr, /^otlpctl: --replay \/nowhere cannot be read: no such file or directory\nError: .*\n {4}at /);
  });
});

describe('help and version', { concurrency: 2 }, () => {
  test('--version', async () =>
    assert.deepEqual({ ...(await otlpctl(['--version'])), json: 0 }, { code: 0, stdout: `otlpctl ${version()}\n`, stderr: '', json: 0 }));

  test('help and version are also found by the words of other command lines', async () => {
    const asked = await otlpctl(['capacity', '--help']);
    for (const args of [
      ['help', 'capacity'],
      ['capacity', '-h'],
    ])
      assert.deepEqual(await otlpctl(args), asked);
    assert.equal((await otlpctl(['version'])).stdout, `otlpctl ${version()}\n`);
    assert.match((await otlpctl(['-h'])).stdout, /^An executable runbook .*\n\nVERSION/);
  });

  test('every folder of commands is a topic with words of its own, else help shows those of its first command', () => {
    const root = new URL('../../', import.meta.url).pathname;
    const { oclif } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      oclif: { topics: Record<string, { description: string }> };
    };
    const folders = globSync('**/', { cwd: `${root}cli/commands` }).map((path) => path.replace(/\/$/, '').replaceAll('/', ':'));
    assert.deepEqual(Object.keys(oclif.topics).sort(), folders.filter((name) => name !== '.' && name !== '').sort());
    for (const { description } of Object.values(oclif.topics)) assert.match(description, /^[A-Z][^\n]{15,100}\.$/);
  });

  test('every command has a summary of one line, an example of its own, and ends its help with 0', async () => {
    const commands = ['doctor', 'check', 'health', 'metrics', 'connector/status', 'grpc/list', 'grpc/describe', 'http/probe'];
    const configuring = ['get', 'set', 'edit', 'diff', 'validate', 'rollback'].map((name) => `config/${name}`);
    const acting = ['restart', 'restart-task', 'pause', 'resume', 'stop', 'delete', 'deploy', ...configuring].map(
      (name) => `connector/${name}`,
    );
    for (const path of [...commands, ...acting]) {
      const { default: command } = (await import(`../../cli/commands/${path}.ts`)) as { default: { summary: string; examples: string[] } };
      assert.match(command.summary, /^[A-Z][^\n]{20,100}\.$/);
      const example = command.examples.at(0)!.replace('<%= command.id %>', path.replaceAll('/', ' '));
      assert.ok(example.startsWith(`<%= config.bin %> ${path.replaceAll('/', ' ')}`), path);
    }
    const { code, stdout, stderr } = await otlpctl(['connector', 'status', '--help']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^Shows the state of every connector and task, with the deepest cause of a failure\.\n\nUSAGE\n {2}\$ otlpctl connector status/,
    );
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogueOf, type CatalogueStep } from '../../checks/catalogue/runbook.ts';
import { runbookListText, runbookShowText } from '../../cli/render/runbook.ts';
import { EVERY_STEP } from '../../checks/steps/on-demand.ts';
import { TARGET_OPTIONS } from '../../cli/options.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

type Listed = Pick<CatalogueStep, 'id' | 'heading' | 'kind' | 'state' | 'commands' | 'otlpctl'>;

test('runbook list --format json: every step with what scripts rely on', async () => {
  const { code, stdout, stderr } = await otlpctl(['runbook', 'list', '--format', 'json']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const { schemaVersion, steps } = JSON.parse(stdout) as { schemaVersion: number; steps: Listed[] };
  assert.equal(schemaVersion, 1);
  assert.deepEqual(
    steps.map(({ id }) => id),
    catalogueOf(EVERY_STEP).map(({ id }) => id),
  );
  const { id, heading, kind, state, commands, otlpctl: command } = steps.find((step) => step.id === 'task-restart')!;
  assert.deepEqual(
    { id, heading, kind, state, commands, command },
    {
      id: 'task-restart',
      heading: 'Quick Commands Reference',
      kind: 'action',
      state: 'runs',
      commands: ['curl -X POST http://localhost:8083/connectors/<name>/tasks/0/restart'],
      command: 'otlpctl connector restart-task 0',
    },
  );
});

test('runbook list prints every step with its mark, under its headings', async () => {
  const { code, stdout, stderr } = await otlpctl(['runbook', 'list']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  for (const { id, kind, state, headings } of catalogueOf(EVERY_STEP)) {
    const mark = state === 'runs' ? 'runs' : kind === 'action' ? 'action' : 'planned';
    const rows = stdout.split('\n').filter((line) => new RegExp(`^  ${mark} +${id}(?: |$)`).test(line));
    assert.equal(rows.length, headings.length, id);
    for (const heading of headings) assert.ok(stdout.includes(`${heading}\n`), heading);
  }
});

test('runbook show fills in the target from options and environment, and hides a password', async () => {
  const args = ['runbook', 'show', 'connector-state', '--connector', 'otlp-a'];
  const { code, stdout, stderr } = await otlpctl(args, { env: { OTLPCTL_CONNECT_URL: 'http://admin:secret@connect:8099' } });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^ {2}curl http:\/\/connect:8099\/connectors\/otlp-a\/status \| jq '\.connector\.state'$/m);
  assert.match(stdout, /^ {2}otlpctl check connector-state --connect-url http:\/\/connect:8099\/ --connector otlp-a$/m);
  assert.match(stdout, /^ {2}curl http:\/\/localhost:8083\/connectors\/<name>\/status \| jq '\.connector\.state'$/m);
  assert.ok(!stdout.includes('secret'));
});

test('every option that names the target is carried into the command', async () => {
  const values: Record<(typeof TARGET_OPTIONS)[number], string> = {
    'connect-url': 'none',
    'connect-auth-file': '/etc/auth',
    'connect-ca': '/etc/ca.pem',
    'connect-cert': '/etc/cert.pem',
    'connect-key': '/etc/key.pem',
    connector: 'a b',
    'otlp-grpc': '[::1]:1',
    'otlp-http': 'http://h:2/',
    'worker-host': 'w',
    'metrics-url': 'http://w:8778/jolokia/',
    'jmx-url': 'service:jmx:rmi:///jndi/rmi://w:9999/jmxrmi',
    'log-file': '/var/log/connect.log',
    'log-command': 'kubectl logs connect-0',
    kafka: 'b1:9092,[::1]:9093',
    'kafka-config': '/etc/kafka.properties',
    'kafka-metrics-url': 'http://b1:8778/jolokia/',
    'kafka-jmx-url': 'service:jmx:rmi:///jndi/rmi://b1:9999/jmxrmi',
    'host-command': 'ssh w',
  };
  const args = TARGET_OPTIONS.flatMap((name) => [`--${name}`, values[name]]);
  const { code, stdout } = await otlpctl(['runbook', 'show', 'task-states', ...args]);
  assert.equal(code, 0);
  const quoted = TARGET_OPTIONS.map((name) => `--${name} ${/[ [\]]/.test(values[name]) ? `'${values[name]}'` : values[name]}`);
  assert.equal(stdout.trimEnd().split('\n').at(-1), `  otlpctl check task-states ${quoted.join(' ')}`);
});

test('a command is given only the options that it has', async () => {
  const args = ['--otlp-grpc', 'h:1', '--otlp-http', 'h:2', '--log-file', '/l'];
  const { stdout } = await otlpctl(['runbook', 'show', 'grpc-reflection', ...args]);
  assert.equal(stdout.trimEnd().split('\n').at(-1), '  otlpctl grpc list --otlp-grpc h:1');
});

test('runbook show --format json has the step and its commands for this target', async () => {
  const { code, stdout } = await otlpctl(['runbook', 'show', 'port-holders', '--otlp-grpc', 'h:14317', '--format', 'json']);
  assert.equal(code, 0);
  const { schemaVersion, step } = JSON.parse(stdout) as { schemaVersion: number; step: CatalogueStep & { here: unknown } };
  assert.equal(schemaVersion, 1);
  assert.equal(step.id, 'port-holders');
  assert.deepEqual(step.here, {
    commands: ['lsof -i :14317', 'lsof -i :4318'],
    otlpctl: 'otlpctl check port-holders --otlp-grpc h:14317',
  });
});

const WRONG: readonly [string[], string][] = [
  [
    ['runbook', 'show', 'conector-state'],
    '"conector-state" is no step of the runbook (did you mean "connector-state", "connector-pause" or "connector-restart"?), see otlpctl runbook list',
  ],
  [['runbook', 'show'], 'ID missing, see otlpctl runbook show --help'],
];

for (const [args, sentence] of WRONG) {
  test(`${args.join(' ')} is refused in one sentence, exit 3`, async () => {
    const ran = await otlpctl(args);
    assert.deepEqual(ran, { code: 3, stdout: '', stderr: `otlpctl: ${sentence}\n` });
  });
}

test('an unknown step is a JSON document where JSON is wanted', async () => {
  const { code, stdout, stderr } = await otlpctl(['runbook', 'show', 'conector-state', '--format', 'json']);
  assert.deepEqual({ code, stderr }, { code: 3, stderr: '' });
  assert.deepEqual(JSON.parse(stdout), {
    schemaVersion: 1,
    error: {
      code: 'bad-input',
      message: '"conector-state" is no step of the runbook (did you mean "connector-state", "connector-pause" or "connector-restart"?)',
      hint: 'see otlpctl runbook list',
    },
  });
});

/** A command to copy stands alone on its line and is never wrapped. */
const isCommand = (line: string, commands: readonly string[]) => commands.some((command) => command.split('\n').includes(line.trim()));

test('lines keep to 80 columns, but for commands', () => {
  const options = { columns: 80, colour: false };
  const steps = catalogueOf(EVERY_STEP);
  const commands = steps.flatMap((step) => [...step.commands, step.otlpctl]);
  const shown = steps.map((step) =>
    runbookShowText({ ...step, question: null, here: { commands: step.commands, otlpctl: step.otlpctl } }, options),
  );
  const long = [runbookListText(steps, options), ...shown]
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.length > 80 && !isCommand(line, commands));
  assert.deepEqual(long, []);
});

test('runbook run starts the command of a step, with the options behind it', async () => {
  const plan = await otlpctl(['runbook', 'run', 'connector-restart', '--dry-run', '--connect-url', 'http://127.0.0.1:1', '--timeout', '1']);
  assert.equal(plan.code, 3);
  assert.match(plan.stderr, /^otlpctl: Connect at 127\.0\.0\.1:1 could not be read: /);
  const wrong: [args: string[], said: RegExp][] = [
    [['nope'], /^otlpctl: "nope" is no step of the runbook/],
    [[], /^otlpctl: ID missing: name the step first, see otlpctl runbook list\n$/],
    [['escalation'], /^otlpctl: escalation cannot be run by otlpctl yet, see otlpctl runbook show escalation\n$/],
    [['task-restart', '--nope'], /^otlpctl: --nope: no such option/],
    // The step's own command names another, which stands back.
    [['kafka-scaling', '--kafka', 'no address'], /^otlpctl: --kafka .*no address/],
    [['client-network', '--otlp-grpc=no address'], /^otlpctl: --otlp-grpc .*no address/],
  ];
  for (const [args, said] of wrong) {
    const { code, stdout, stderr } = await otlpctl(['runbook', 'run', ...args]);
    assert.deepEqual([code, stdout], [3, ''], args.join(' '));
    assert.match(stderr, said);
  }
});

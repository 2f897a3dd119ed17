import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, running, testSettings } from '../bridge/bridge-fixture.ts';
import { exercise } from '../bridge/drills-fixture.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

test('drill puts drills on, shows them, and ends them', async (t) => {
  const { ports, rest } = await exercise(t);
  const at = ['--metrics-url', `http://127.0.0.1:${ports.metrics}`];
  const list = await otlpctl(['drill', 'list', ...at]);
  assert.deepEqual([list.code, list.stderr], [0, '']);
  assert.match(list.stdout, /^rest:CODE +REST answers every request with this error/m);
  assert.match(list.stdout, /\nNo drill is on\.\n$/);

  const on = await otlpctl(['drill', 'rest:401', 'sink:slow=5', '--for', '60', ...at]);
  assert.deepEqual([on.code, on.stderr], [0, '']);
  assert.match(on.stdout, /^On: rest:401, sink:slow=5, until 20\d\d-.*Z\.\n$/);
  assert.equal((await rest('/')).status, 401);
  const shown = JSON.parse((await otlpctl(['drill', 'list', '--format', 'json', ...at])).stdout) as { schemaVersion: number; on: string[] };
  assert.deepEqual([shown.schemaVersion, shown.on], [1, ['rest:401', 'sink:slow=5']]);

  const end = await otlpctl(['drill', 'end', ...at]);
  assert.deepEqual([end.code, end.stdout], [0, 'No drill is on.\n']);
  assert.equal((await rest('/')).status, 200);
});

test('what cannot be drilled is one sentence and exit code 3', async (t) => {
  const { ports } = await exercise(t);
  const { metrics } = (await running(t, testSettings(folder()))).bridge.addresses;
  const at = `http://127.0.0.1:${ports.metrics}`;
  const cases: [args: string[], said: RegExp][] = [
    [['rest:slow', '--metrics-url', at], /^otlpctl: there is no drill "rest:slow": give rest:CODE, /],
    [['rest:401', '--for', 'ever', '--metrics-url', at], /^otlpctl: --for "ever" is not a number of seconds \(try 60\)\n$/],
    [
      ['rest:401', '--metrics-url', `http://127.0.0.1:${metrics.port}`],
      /has no drills: drills are off here: start the bridge with bridge\.drills=on/,
    ],
    [['list', '--metrics-url', 'http://127.0.0.1:1'], /^otlpctl: the bridge at 127\.0\.0\.1:1 could not be asked \(ECONNREFUSED\)/],
    [[], /^otlpctl: FAULT missing/],
  ];
  for (const [args, said] of cases) {
    const { code, stdout, stderr } = await otlpctl(['drill', ...args]);
    assert.deepEqual([code, stdout], [3, ''], args.join(' '));
    assert.match(stderr, said);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});

test('a guarded metrics port: drill asks with the user and the password of --metrics-url, and shows neither', async (t) => {
  const [user, password] = ['ann:a', 'pa@ss/wörd:1'];
  const file = join(folder(), 'auth');
  writeFileSync(file, `# who may practise\nann:${password}\nbearer abcdef\n`, { mode: 0o600 });
  const tokens = join(folder(), 'auth');
  writeFileSync(tokens, 'bearer abcdef\n', { mode: 0o600 });
  const { ports } = await exercise(t, { 'bridge.auth.file': file });
  const bearer = await exercise(t, { 'bridge.auth.file': tokens });
  const at = (login: string, port = ports.metrics) => `http://${login}127.0.0.1:${port}/metrics.json`;
  const login = `ann:${encodeURIComponent(password)}@`;
  const quiet = (text: string) => {
    for (const secret of [password, encodeURIComponent(password), Buffer.from(`ann:${password}`).toString('base64')])
      assert.ok(!text.includes(secret), text);
  };

  const on = await otlpctl(['drill', 'sink:slow=5', '--metrics-url', at(login)]);
  assert.deepEqual([on.code, on.stderr], [0, '']);
  const list = await otlpctl(['drill', 'list', '--format', 'json'], { env: { OTLPCTL_METRICS_URL: at(login) } });
  assert.deepEqual((JSON.parse(list.stdout) as { on: string[] }).on, ['sink:slow=5']);
  assert.equal((await otlpctl(['drill', 'end', '--metrics-url', at(login)])).code, 0);
  quiet(on.stdout + list.stdout + list.stderr);

  const refused: [url: string, said: RegExp][] = [
    [at(''), /^otlpctl: the bridge at 127\.0\.0\.1:\d+ asks for a user and a password \(HTTP 401\)/],
    [
      at(`${encodeURIComponent(user)}:${encodeURIComponent(password)}@`),
      / does not take the user and the password of --metrics-url \(HTTP 401\)/,
    ],
    [at(login, bearer.ports.metrics), / takes no user and password \(HTTP 401\).* add a line user:password to its bridge\.auth\.file/],
  ];
  for (const [url, said] of refused) {
    const { code, stdout, stderr } = await otlpctl(['drill', 'rest:401', '--metrics-url', url]);
    assert.deepEqual([code, stdout], [3, ''], url);
    assert.match(stderr.replaceAll('\n', ' '), said);
    quiet(stderr);
  }
});

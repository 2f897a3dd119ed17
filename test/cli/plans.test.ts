import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connectDouble, type ConnectDouble } from '../doubles/connect.ts';
import { double } from '../doubles/double.ts';
import { inProcess } from '../doubles/in-process.ts';

let connect: ConnectDouble;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otlpctl-plans-'));
  connect = await connectDouble({
    connectors: {
      'otlp-source': { config: { 'producer.override.acks': '1', 'sasl.password': 'hunter2' } },
      other: { config: { 'connector.class': 'a.b.HttpSource', 'http.port': '5317' } },
    },
  });
});
after(async () => {
  await connect.close();
  rmSync(folder, { recursive: true });
});
const run = (...args: string[]) => inProcess([...args, '--connect-url', connect.url.href]);
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await run(...args, '--format', 'json');
  assert.deepEqual([code, stderr], [0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
};

test('ports: past a listener of this machine and a port of another connector, each named', async () => {
  const listener = createServer();
  await new Promise<void>((done) => listener.listen(6318, '127.0.0.1', done));
  try {
    const { schemaVersion, connector, live, proposals } = (await json('ports', '--connector', 'otlp-source', '--timeout', '9.0005')) as {
      proposals: { environment: string; grpc: number; http: number; moved: { port: number; by: string }[] }[];
    } & Record<string, unknown>;
    assert.deepEqual([schemaVersion, connector, live], [1, 'otlp-source', { grpc: 4317, http: 4318 }]);
    const [staging, development] = proposals;
    assert.ok(staging!.grpc > 5317 && staging!.http === staging!.grpc + 1);
    assert.deepEqual(staging!.moved[0], { port: 5317, by: 'a port of other (http.port)' });
    assert.ok(development!.grpc > 6317);
    assert.match(development!.moved.find(({ port }) => port === 6318)!.by, new RegExp(`^held by .*\\(pid ${process.pid}\\)$`));
  } finally {
    listener.close();
  }
});

test('producer: acks=1 of the connector is a risk, and its document has the command', async () => {
  const { settings, acks } = (await json('producer')) as { settings: { name: string; status: string }[]; acks: { command: string } };
  assert.equal(settings.find(({ name }) => name === 'acks')!.status, 'risk');
  assert.match(acks.command, /^otlpctl connector config set producer\.override\.acks=1 /);
});

test('scale connectors: files of each instance and each balancer, no secret in any, and never over others', async () => {
  const output = join(folder, 'scaled');
  const { stdout, code } = await run('scale', 'connectors', '--instances', '2', '--output', output);
  assert.equal(code, 0);
  assert.match(stdout, /Written to .*:\s+otlp-source\.json,\s+otlp-source-2\.json,\s+haproxy\.cfg,\s+nginx\.conf\s+and\s+envoy\.json\./);
  assert.deepEqual(readdirSync(output).sort(), ['envoy.json', 'haproxy.cfg', 'nginx.conf', 'otlp-source-2.json', 'otlp-source.json']);
  // Each command as it runs from here.
  assert.ok(
    stdout.includes(
      `\n  haproxy -c -f ${output}/haproxy.cfg\n  nginx -t -c ${output}/nginx.conf\n  envoy --mode validate -c ${output}/envoy.json\n`,
    ),
    stdout,
  );
  for (const name of readdirSync(output)) assert.doesNotMatch(readFileSync(join(output, name), 'utf8'), /hunter2/, name);
  const second = JSON.parse(readFileSync(join(output, 'otlp-source-2.json'), 'utf8')) as { config: Record<string, string> };
  assert.equal(second.config['sasl.password'], '<redacted:password>');
  const again = await run('scale', 'connectors', '--instances', '2', '--output', output);
  assert.deepEqual([again.code, again.stdout], [3, '']);
  assert.match(
    again.stderr,
    /^otlpctl: --output .* holds otlp-source\.json and 4 more of these files already: name another folder, or give --force\n$/,
  );
  assert.equal((await run('scale', 'connectors', '--instances', '2', '--output', output, '--force')).code, 0);
  const shown = (await json('scale', 'connectors', '--instances', '2')) as { output: null; files: { name: string; text: string }[] };
  assert.equal(shown.output, null);
  assert.equal(shown.files.length, 5);
});

const NONSENSE: readonly [string, RegExp][] = [
  ['scale connectors --instances 0', /^otlpctl: --instances "0" is not a whole number from 1 to 64 \(try 3\)\n$/],
  ['scale connectors --instances -2', /^otlpctl: --instances "-2" is not a whole number/],
  ['scale connectors --instances 2.5', /^otlpctl: --instances "2\.5" is not a whole number/],
  ['scale connectors --instances two', /^otlpctl: --instances "two" is not a whole number/],
  ['scale connectors --instances 99999999999', /is not a whole number from 1 to 64/],
  ['scale connectors', /^otlpctl: --instances is needed/],
  ['scale connectors --instances 2 --listen a;b', /^otlpctl: --listen "a;b" is not a host or an address/],
  ['scale connectors --instances 2 --listen-grpc 70000', /^otlpctl: --listen-grpc "70000" is not a whole number from 1 to 65535/],
  ['scale connectors --instances 2 --listen-grpc 4318', /are both 4318: each transport has a port of its own/],
  ['scale connectors --instances 2 --format yaml', /^otlpctl: --format "yaml" is not one of text, json/],
  ['scale connectors --instances 2 --connector nobody', /^otlpctl: there is no connector "nobody" on /],
  ['scale brokers', /^otlpctl: nothing is said of the brokers: give --kafka/],
  ['scale brokers --kafka 127.0.0.1:1 --peak 0', /^otlpctl: --peak "0" plans for nothing/],
  ['scale brokers --kafka 127.0.0.1:1 --peak 10', /^otlpctl: Kafka did not tell its brokers/],
  [
    'scale brokers --kafka-metrics-url http://127.0.0.1:1 --peak 10',
    /^otlpctl: the metrics of the broker could not be read: .*127\.0\.0\.1:1.*ECONNREFUSED/,
  ],
  ['capacity --from-target --prometheus-url http://127.0.0.1:1', /^otlpctl: --prometheus-url 127\.0\.0\.1:1: connect ECONNREFUSED/],
  ['capacity --from-target --peak x', /^otlpctl: --peak "x" is not a number/],
  ['capacity --from-target --history 5', /^otlpctl: --history "5" is out of range/],
  ['capacity --from-target --yes', /^otlpctl: --yes says how to --apply/],
  ['capacity --peak 5 --burst 1', /^otlpctl: --connect-url is about a target: give --from-target too/],
];
for (const [words, sentence] of NONSENSE)
  test(`${words} is refused in one sentence`, async () => {
    const { code, stdout, stderr } = await run(...words.split(' '));
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(stderr, sentence);
    assert.equal(stderr.split('\n').length, 2);
  });

test('a Connect that does not answer makes no plan, and no file', async () => {
  const refused = await double('refused');
  const output = join(folder, 'never');
  for (const words of ['ports', 'producer', `scale connectors --instances 2 --output ${output}`]) {
    const { code, stdout, stderr } = await inProcess([...words.split(' '), '--connect-url', `http://127.0.0.1:${refused.port}`]);
    assert.deepEqual([code, stdout], [3, ''], words);
    assert.match(stderr, /^otlpctl: Connect (at \S+ )?could not be read: .*\n$/, words);
  }
  assert.equal(existsSync(output), false);
  await refused.close();
});

test('without Connect a first set is planned from the defaults', async () => {
  const { code, stdout } = await inProcess(['scale', 'connectors', '--instances', '2', '--connect-url', 'none', '--format', 'json']);
  assert.equal(code, 0);
  const { instances, missing } = JSON.parse(stdout) as { instances: { name: string; isThere: boolean }[]; missing: string[] };
  assert.deepEqual(
    instances.map(({ name, isThere }) => [name, isThere]),
    [
      ['otlp-source', false],
      ['otlp-source-2', false],
    ],
  );
  assert.deepEqual(missing, ['Connect was left out, so its connectors were not seen.']);
});

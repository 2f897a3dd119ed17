import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clientView } from '../../checks/derive/client.ts';
import { clientOf } from '../../cli/client-options.ts';
import { EXPORTER_ENV_RENDERERS } from '../../cli/render/exporter-env.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';
import { healthy } from '../facts.ts';

let folder: string;
let port: number;
const receiver = createServer((_request, response) => response.writeHead(405).end());
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otlpctl-env-'));
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  ({ port } = receiver.address() as AddressInfo);
});
after(() => {
  receiver.close();
  rmSync(folder, { recursive: true });
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
/** Nobody serves gRPC there; at the default port somebody may. */
const target = () => ['--connect-url', 'none', '--otlp-grpc', '127.0.0.1:1', '--otlp-http', `127.0.0.1:${port}`];

test('a client that is set up wrongly is a warning, with the line that puts it right', async () => {
  const env = file(
    'wrong.env',
    `# of a pod\nexport OTEL_EXPORTER_OTLP_PROTOCOL="grpc"\nOTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${port}\nOTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer geheim\n`,
  );
  const { code, stdout, stderr } = await otlpctl(['exporter-env', '--env-file', env, ...target()]);
  assert.deepEqual([code, stderr], [1, '']);
  assert.match(
    stdout,
    new RegExp(
      `The client speaks gRPC for its traces, metrics and logs\\s.*\\sto the HTTP port ${port}\\.\n.*\n.*export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\n`,
      's',
    ),
  );
  assert.match(stdout, /headers +authorization, values not shown/);
  assert.doesNotMatch(stdout, /geheim/);
});

test('without a client it judges its own environment, and prints lines that it then finds right', async () => {
  const printed = await otlpctl(['exporter-env', '--print', ...target()]);
  assert.equal(printed.code, 0);
  assert.match(printed.stdout, new RegExp(`^OTEL_EXPORTER_OTLP_ENDPOINT=http://127\\.0\\.0\\.1:${port}$`, 'm'));
  const lines = printed.stdout.split('\n').filter((line) => line.startsWith('OTEL_'));
  const env = Object.fromEntries(lines.map((line) => line.split('=', 2) as [string, string]));
  const judged = await otlpctl(['exporter-env', '--format', 'json', ...target()], { env });
  assert.equal(judged.code, 0, judged.stdout);
  const { status, place, diagnoses, exports } = JSON.parse(judged.stdout) as {
    status: string;
    place: string;
    diagnoses: unknown[];
    exports: { url: string; path: string; receiver: string }[];
  };
  assert.deepEqual([status, place, diagnoses], ['ok', 'this environment', []]);
  assert.deepEqual(exports[0]?.path, '/v1/traces');
  assert.equal(exports[0]?.receiver, 'the HTTP receiver of this target');
});

test('an environment that says nothing is not told to be right, and lines keep to the terminal', () => {
  const facts = healthy({ 'client.env': { value: { place: 'process 1 (bash)', variables: {}, headers: {} } } });
  const { exports } = clientView(facts);
  for (const columns of [40, 80]) {
    const view = { facts, status: 'ok' as const, exports, findings: [], problem: undefined };
    const text = EXPORTER_ENV_RENDERERS.text(view, { columns, colour: false, verbosity: 0 });
    assert.match(text.replace(/\s+/g, ' '), /It has no OTEL_EXPORTER_OTLP_ variable that says where and how to send/);
    assert.doesNotMatch(text, /Nothing in it/);
    for (const line of text.split('\n')) assert.ok(line.length <= columns, line);
  }
});

test('what cannot be read is refused in one sentence', () => {
  const refuses = (values: Parameters<typeof clientOf>[0], sentence: RegExp) => assert.throws(() => clientOf(values), sentence);
  refuses({ 'client-env': join(folder, 'no.env') }, /^Error: --client-env .*no\.env cannot be read: no such file or directory$/);
  refuses({ 'client-env': file('a.yaml', 'kind: Pod\n') }, /has no line KEY=VALUE: write a client's environment into it/);
  refuses({ 'client-env': 'a', 'client-pid': 1 }, /--client-env and --client-pid are both given/);
  refuses({ 'client-error': './app.log' }, /--client-error \.\/app\.log is no file/);
  refuses({ 'client-error': folder }, /cannot be read: it is a directory$/);
  refuses(
    { 'client-error': file('nothing.log', '\n') },
    /^Error: --client-error .*nothing\.log is empty: there is no error of a client in it$/,
  );
  assert.deepEqual(clientOf({ 'client-error': 'connect ECONNREFUSED 127.0.0.1:4318' }), {
    error: { place: 'the error given', text: 'connect ECONNREFUSED 127.0.0.1:4318' },
  });
  assert.equal(clientOf({}), undefined);
});

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { auditFile } from '../../../cli/acting/audit-file.ts';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';
import { actingConnect } from '../../doubles/acting-connect.ts';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { inProcess } from '../../doubles/in-process.ts';
import { acting, auditOf, documentOf, stateFolder } from './acting.ts';

let bridge: BridgeProcess;
before(async () => void (bridge = await startBridgeProcess()));
after(async () => void (await bridge.stop()));

const run = (folder: string, args: readonly string[], env: Record<string, string> = {}) =>
  inProcess([...args, '--connect-url', bridge.connectUrl, '--metrics-url', bridge.metricsUrl, '--state-dir', folder], { env });
const live = async (): Promise<Record<string, string>> =>
  (await (await fetch(`${bridge.connectUrl}/connectors/otlp-source/config`)).json()) as Record<string, string>;
const file = (text: string): string => {
  const path = join(stateFolder(), 'connector.json');
  writeFileSync(path, text);
  return path;
};
const CLASS = { 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1' };

test("set, get, edit, rollback: single keys change, all others stay, and what the runbook's file would reset is named", async () => {
  const folder = stateFolder();
  const first = await live();
  const set = await run(folder, ['connector', 'config', 'set', 'otlp.message.queue.size=50000', 'otlp.message.format=protobuf', '--yes']);
  assert.equal(set.code, 0, set.stdout);
  assert.match(set.stdout, /costs {4}otlp\.message\.queue\.size 10000 \(default\) -> 50000\n/);
  assert.match(
    set.stdout.replace(/\n {11}/g, ' '),
    /All other keys stay\. A PUT of these alone would have reset otlp\.grpc\.port 0 -> 4317 \(default\)/,
  );
  assert.deepEqual(await live(), { ...first, 'otlp.message.queue.size': '50000', 'otlp.message.format': 'protobuf' });
  const again = await run(folder, ['connector', 'config', 'set', 'otlp.message.queue.size=50000', '--yes']);
  assert.deepEqual([again.code, again.stdout], [0, 'otlp-source has these values already: nothing to do.\n']);

  const got = await inProcess(['connector', 'config', 'get', '--connect-url', bridge.connectUrl]);
  assert.match(got.stdout, /^otlp\.message\.queue\.size=50000$/m);

  const unedited = await run(folder, ['connector', 'config', 'edit', '--yes']);
  assert.deepEqual(
    [unedited.code, /^otlpctl: there is no terminal to edit on, set EDITOR to /.test(unedited.stderr)],
    [3, true],
    unedited.stderr,
  );
  const edit = await run(folder, ['connector', 'config', 'edit', '--yes'], { EDITOR: 'sed -i s/50000/60000/' });
  assert.equal(edit.code, 0, edit.stdout + edit.stderr);
  assert.equal((await live())['otlp.message.queue.size'], '60000');

  const back = await run(folder, ['connector', 'config', 'rollback', '--yes']);
  assert.equal(back.code, 0, back.stdout + back.stderr);
  assert.equal((await live())['otlp.message.queue.size'], '50000');
  const runs = auditOf(folder).map(({ run: id }) => id);
  const wholly = await run(folder, ['connector', 'config', 'rollback', '--to', runs[0]!, '--yes']);
  assert.equal(wholly.code, 0, wholly.stdout + wholly.stderr);
  assert.deepEqual(await live(), first);
});

test('remove takes a key out, and the default is seen to hold', async () => {
  const folder = stateFolder();
  await run(folder, ['connector', 'config', 'set', 'otlp.message.queue.size=500', '--yes']);
  const { code, stdout } = await run(folder, ['connector', 'config', 'set', '--remove', 'otlp.message.queue.size', '--yes']);
  assert.equal(code, 0, stdout);
  assert.equal((await live())['otlp.message.queue.size'], undefined);
});

test('deploy: a new connector, the same once more, and another whole configuration', async () => {
  const folder = stateFolder();
  const config = { ...CLASS, 'otlp.grpc.port': 0, 'otlp.http.port': 0 };
  const path = file(JSON.stringify({ name: 'otlp-two', config }));
  const made = await run(folder, ['connector', 'deploy', path, '--yes']);
  assert.equal(made.code, 0, made.stdout + made.stderr);
  assert.match(made.stdout, /^Deploy otlp-two on .* \(4 keys\)\n/);
  const again = await run(folder, ['connector', 'deploy', path, '--yes']);
  assert.deepEqual([again.code, again.stdout], [0, 'otlp-two has this configuration already: nothing to do.\n']);

  const less = file(JSON.stringify({ name: 'otlp-two', config: CLASS }));
  const compared = await inProcess(['connector', 'config', 'diff', less, '--connect-url', bridge.connectUrl]);
  assert.equal(compared.code, 1);
  assert.match(compared.stdout, /^ {2}otlp\.grpc\.port 0 -> 4317 \(default\)\n/m);
  const refused = await run(folder, ['connector', 'deploy', less, '--yes']);
  assert.deepEqual([refused.code, refused.stdout], [3, '']);
  assert.match(
    refused.stderr,
    /the file lacks keys that otlp-two has, and would reset otlp\.grpc\.port 0 -> 4317 \(default\).*: nothing was sent, give --replace/,
  );
  assert.equal((await run(folder, ['connector', 'delete', '--connector', 'otlp-two', '--yes'])).code, 0);
});

test('validate: by itself and by Connect', async () => {
  const judge = (config: object) =>
    inProcess(['connector', 'config', 'validate', file(JSON.stringify(config)), '--connect-url', bridge.connectUrl]);
  const good = await judge(CLASS);
  assert.deepEqual([good.code, /can be deployed: Connect takes it\.\n$/.test(good.stdout)], [0, true]);
  const bad = await judge({ ...CLASS, 'otlp.tls.cert.path': '/nowhere.pem', 'otlp.grpc.prt': '1', 'otlp.http.port': '70000' });
  assert.equal(bad.code, 2, bad.stderr);
  assert.match(bad.stdout, /there is no key "otlp\.grpc\.prt" \(did you mean "otlp\.grpc\.port"/);
  assert.match(bad.stdout, /otlp\.http\.port is 70000, not a whole number from 1 to 65535/);
  assert.match(bad.stdout, /File does not exist: \/nowhere\.pem/);
});

test('a file or a value that cannot be used is one sentence, exit 3, and nothing is sent', async () => {
  const connect = await actingConnect();
  const folder = stateFolder();
  const unreadable = file('{}');
  chmodSync(unreadable, 0);
  const nested = join(stateFolder(), 'folder');
  mkdirSync(nested);
  const deploy = (text: string): string[] => ['deploy', file(text)];
  const wrong: [args: string[], said: RegExp][] = [
    [deploy('{\n "a": "b",\n "c" 1}'), /connector\.json line 3, column 6: not JSON \(Expected ':' after property name\)\n$/],
    [deploy('{\n "a": "b"\n'), /connector\.json line 3, column 1: not JSON \(/],
    [deploy('{"sasl.jaas.config": hunter2}'), /connector\.json line 1, column 22: not JSON \(Unexpected character\)\n$/],
    [deploy(''), /connector\.json is empty: it has no configuration\n$/],
    [deploy('[1]'), /is JSON, but no object with the keys of a configuration\n$/],
    [deploy('{"a":{"b":1}}'), /: a is an object, and every value is a text\n$/],
    [deploy('x'.repeat(10_000_000)), /connector\.json has 10 MB, and no configuration has more than 1\.0 MB\n$/],
    [['deploy', nested], /folder is a folder: name the file with the configuration\n$/],
    [['deploy', '/nowhere.json'], /\/nowhere\.json cannot be read: no such file or directory\n$/],
    [deploy(JSON.stringify({ ...CLASS, 'connector.class': 'org.Other' })), /names no connector: give --connector NAME\n$/],
    [
      deploy(JSON.stringify({ name: 'otlp-new', config: { 'connector.class': 'org.Other' } })),
      /connector\.class is org\.Other, which is not the OpenTelemetry Source Connector/,
    ],
    [
      deploy(JSON.stringify({ name: 'otlp-new', config: { ...CLASS, 'otlp.message.queue.size': '5' } })),
      /otlp\.message\.queue\.size is 5, not a whole number from 100 to 1000000: nothing was sent/,
    ],
    [
      deploy(JSON.stringify({ name: 'otlp-new', config: { ...CLASS, 'otlp.grpc.prot': '5' } })),
      /there is no key "otlp\.grpc\.prot" \(did you mean "otlp\.grpc\.port"/,
    ],
    [['config', 'set', 'otlp.grpc.port=99999'], /otlp\.grpc\.port is 99999, not a whole number from 1 to 65535: nothing was sent/],
    [['config', 'set', 'otlp.message.format=xml'], /otlp\.message\.format is xml, not one of json, protobuf/],
    [['config', 'set', 'otlp.grpc.enabled=false', 'otlp.http.enabled=false'], /both receivers are switched off/],
    [['config', 'set', 'novalue'], /"novalue" is no KEY=VALUE/],
    [['config', 'set', 'name=other'], /the name of a connector cannot be changed/],
    [['config', 'set'], /no key is given: KEY=VALUE, or --remove KEY/],
    [['config', 'rollback'], /the record has no other configuration of otlp-source to go back to/],
    [['config', 'rollback', '--to', 'never'], /there is no run never with a configuration of otlp-source in the record/],
  ];
  if (process.getuid?.() !== 0) wrong.push([['deploy', unreadable], /cannot be read: permission denied\n$/]);
  try {
    for (const [args, said] of wrong) {
      const { code, stdout, stderr } = await acting(connect.url, folder, ['connector', ...args, '--yes']);
      assert.deepEqual([code, stdout], [3, ''], args.join(' '));
      assert.match(stderr, said);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    }
    assert.deepEqual(connect.changes, []);
  } finally {
    await connect.close();
  }
});

test('a whole configuration that is sent has its secrets; the plan, the output and the record have none', async () => {
  const connect = await actingConnect({ version: '3.7.0', config: { 'value.converter.basic.auth.password': 'hunter2' } });
  const folder = stateFolder();
  try {
    const args = ['connector', 'config', 'set', 'otlp.message.queue.size=500', 'sasl.password=s3cret-two', '--force', '--format', 'json'];
    const plan = await acting(connect.url, folder, [...args, '--dry-run']);
    const did = await acting(connect.url, folder, [...args, '--yes', '--reason', 'password=topsecret']);
    assert.equal(did.code, 0, did.stdout);
    const sent = JSON.parse(connect.changes[0]!.body) as Record<string, string>;
    assert.equal(sent['value.converter.basic.auth.password'], 'hunter2');
    assert.equal(sent['sasl.password'], 's3cret-two');
    const kept = [plan.stdout, did.stdout, did.stderr, readFileSync(auditFile(folder), 'utf8')];
    for (const text of kept)
      for (const secret of ['hunter2', 's3cret-two', 'topsecret']) assert.ok(!text.includes(secret), `${secret} in ${text}`);
    const shown = JSON.parse(documentOf(plan).requests[0]!.body!) as Record<string, string>;
    assert.deepEqual(
      { ...sent, 'value.converter.basic.auth.password': '<redacted:password>', 'sasl.password': '<redacted:password>' },
      shown,
    );
  } finally {
    await connect.close();
  }
});

test('what changed since the plan was made stops it before anything is sent', async () => {
  const connect = await actingConnect();
  const folder = stateFolder();
  try {
    // The editor is where a person takes time: another one pauses the connector meanwhile.
    const script = file(
      `#!/bin/sh\ncurl -s -X PUT ${connect.url}/connectors/otlp-source/pause\nsed -i 's/"tasks.max": "1"/"tasks.max": "2"/' "$1"\n`,
    );
    chmodSync(script, 0o755);
    const { code, stderr } = await inProcess(
      ['connector', 'config', 'edit', '--yes', '--connect-url', connect.url, '--state-dir', folder],
      {
        env: { EDITOR: script },
      },
    );
    assert.equal(code, 3);
    assert.match(stderr, /otlp-source went from RUNNING to PAUSED since the plan was made: nothing was sent/);
    assert.deepEqual(
      connect.changes.map(({ method }) => method),
      ['PUT'],
    );
  } finally {
    await connect.close();
  }
});

test('a plan says who takes the change back, and where to make it, as kubectl tells of the worker', async () => {
  const folder = stateFolder();
  const kubectl = join(folder, 'kubectl');
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'streams', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'connect', namespace: 'kafka', labels } };
  writeFileSync(join(folder, 'deployment'), JSON.stringify(deployment));
  writeFileSync(kubectl, `#!/bin/sh\n[ "$1 $2" = "get deploy/connect" ] && exec cat ${folder}/deployment\nexit 1\n`);
  chmodSync(kubectl, 0o755);
  const words = ['connector', 'config', 'set', 'otlp.message.queue.size=70000', '--dry-run', '--host-command'];
  const { code, stdout } = await run(folder, [...words, `${kubectl} exec deploy/connect --`]);
  assert.equal(code, 0, stdout);
  assert.match(
    stdout.replace(/\s+/g, ' '),
    /Flux keeps Deployment connect \(Kustomization streams\): where otlp-source is configured there too, what is changed here is taken back at its next reconciliation\. Change it where that is written: flux -n flux-system tree kustomization streams\./,
  );
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { until } from '../doubles/until.ts';
import { freePorts } from './stand/ports.ts';
import { CONNECTOR_PLUGIN, TOOLS } from './tools.ts';
import { otlpctl } from '../doubles/otlpctl.ts';

const PASSWORD = 's3cr3t-of-jolokia';
/** Every sign that ObjectName.quote escapes, and those that part a name. */
const NAME = 'otlp "b", c=d*?';

const AGENTS = {
  '1.7.2': 'jolokia-1.7/jolokia-jvm-1.7.2.jar',
  '2.6.0': 'agents/jolokia-agent-jvm-2.6.0-javaagent.jar',
} as const;

type Rows = { kind: string; attributes: { name: string; value: number | null; state: string }[] };

for (const [version, jar] of Object.entries(AGENTS))
  test(`Jolokia ${version} behind a password gives the connector's bean, whose name has quotes in its quotes`, async (t) => {
    const [port] = (await freePorts(1)) as [number];
    const options = `port=${port},host=127.0.0.1,user=ops,password=${PASSWORD}`;
    const bean = resolve(import.meta.dirname, 'jolokia-1.7/Bean.java');
    const jars = `${CONNECTOR_PLUGIN}/*:${TOOLS}/kafka-3.9.1/*`;
    const jvm = spawn('java', [`-javaagent:${TOOLS}/${jar}=${options}`, '-cp', jars, bean, NAME], { stdio: 'ignore' });
    t.after(async () => {
      jvm.kill('SIGKILL');
      if (jvm.exitCode === null && jvm.signalCode === null) await once(jvm, 'exit');
    });
    const metrics = (login: string) =>
      otlpctl(['metrics', '--connect-url', 'none', '--connector', NAME, '--window', '0', '--format', 'json'], {
        env: { OTLPCTL_METRICS_URL: `http://${login}@127.0.0.1:${port}/jolokia/` },
      });
    const read = await until(
      'the bean to be registered',
      async () => {
        const ran = await metrics(`ops:${PASSWORD}`);
        return ran.code === 0 ? ran : undefined;
      },
      60_000,
    );
    const { kind, attributes } = JSON.parse(read.stdout) as Rows;
    assert.equal(kind, 'jolokia');
    assert.deepEqual(
      attributes.filter(({ state }) => state === 'absent'),
      [],
    );
    assert.equal(attributes.find(({ name }) => name === 'RecordsProduced')?.value, 42);

    const refused = await metrics(`ops:${PASSWORD}x`);
    assert.equal(refused.code, 3);
    assert.match(refused.stdout, /HTTP 401/);
    for (const { stdout, stderr } of [read, refused]) assert.ok(!`${stdout}${stderr}`.includes(PASSWORD));
  });

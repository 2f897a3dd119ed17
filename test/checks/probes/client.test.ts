import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { factOf, said } from '../../doubles/settings.ts';
import { until } from '../../doubles/until.ts';

const SECRET = 'Bearer geheim-4711';
const ENV = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:geheim-4711@otel.internal:4318/base?api-key=geheim-4711',
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=${SECRET},x-tenant=geheim-4711`,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'geheim-4711',
  https_proxy: 'http://user:geheim-4711@proxy:3128',
  OTEL_RESOURCE_ATTRIBUTES: 'password=geheim-4711',
  DATABASE_PASSWORD: 'geheim-4711',
};
const KEPT = {
  variables: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel.internal:4318/base', https_proxy: 'http://proxy:3128' },
  headers: { OTEL_EXPORTER_OTLP_HEADERS: ['authorization', 'x-tenant'], OTEL_EXPORTER_OTLP_TRACES_HEADERS: [] },
};

test('of an environment only what decides about exporting is kept: no value of a header, no credentials', async () => {
  const fact = await factOf('client.env', { connectUrl: null, client: { env: { place: 'orders.env', variables: ENV } } });
  assert.deepEqual(said(fact), { source: 'orders.env', value: { place: 'orders.env', ...KEPT } });
  assert.doesNotMatch(JSON.stringify(fact), /geheim/);
});

/** A process that does nothing, alone in a network namespace where that is wanted, and what it prints first. */
async function running(t: TestContext, command: readonly string[]): Promise<number> {
  const child = spawn(command[0]!, command.slice(1), { env: { PATH: process.env.PATH, ...ENV }, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid!;
}

const SLEEPS = ['sh', '-c', 'echo up; exec sleep 60'];

test('a process is judged by the environment that it began with', { skip: process.platform !== 'linux' && 'Linux only' }, async (t) => {
  const pid = await running(t, SLEEPS);
  const value = await until('the process to be sleep', async () => {
    const fact = await factOf('client.env', { connectUrl: null, client: { env: { pid } } });
    return 'value' in fact && fact.value.place.includes('sleep') ? fact.value : undefined;
  });
  assert.deepEqual(value, { place: `process ${pid} (sleep)`, pid, ...KEPT, network: { isOurs: true } });
});

test('what listens in the network namespace of a process is seen', { skip: process.platform !== 'linux' && 'Linux only' }, async (t) => {
  const listens = `require('net').createServer().listen(4318, '127.0.0.1', () => console.log('up'))`;
  const inside = 'ip link set lo up && exec "$@"';
  const alone = ['unshare', '--user', '--map-root-user', '--net', 'sh', '-c', inside, 'sh', process.execPath, '-e', listens];
  const pid = await running(t, alone);
  const fact = await factOf('client.env', { connectUrl: null, client: { env: { pid } } });
  assert.deepEqual('value' in fact && fact.value.network, { isOurs: false, listening: [{ host: '127.0.0.1', port: 4318 }] });
});

test(
  'a process that is not there is said to be gone, which is no health',
  { skip: process.platform !== 'linux' && 'Linux only' },
  async () => {
    const fact = await factOf('client.env', { connectUrl: null, client: { env: { pid: 4_194_304 } } });
    assert.deepEqual(said(fact), {
      source: '/proc/4194304/environ',
      unasked: 'unknown',
      reason: 'there is no process 4194304 on this machine',
    });
  },
);

test('what a client says is kept in lines, the last of them, made harmless', async () => {
  const text = `${Array.from({ length: 500 }, (_, n) => `try ${n}`).join('\r\n')}\n\u001b[31mauthorization: ${SECRET}\n\n${'x'.repeat(2000)}`;
  const fact = await factOf('client.error', { connectUrl: null, client: { error: { place: 'app.log', text } } });
  const lines = 'value' in fact ? fact.value.lines : [];
  assert.deepEqual([lines.length, lines[0], lines.at(-1)?.length], [60, 'try 442', 600]);
  assert.match(lines.at(-2)!, /^\\x1b\[31mauthorization: /);
  assert.doesNotMatch(JSON.stringify(fact), /geheim/);
});

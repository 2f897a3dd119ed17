import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, sendTraces, until } from '../bridge/bridge-fixture.ts';
import { BIN, cleanEnv } from '../doubles/otlpctl.ts';

test(
  'a bridge outlives a log that cannot be written, and hands on what is queued when its terminal closes',
  {
    skip: !existsSync('/dev/full'),
  },
  async (t) => {
    const directory = folder();
    const ready = join(directory, 'ready.json');
    const ports = ['otlp.grpc.port', 'otlp.http.port', 'bridge.rest.port', 'bridge.metrics.port'].map((key) => `${key}=0`);
    // Slowly, so that something is queued by then.
    const keys = [...ports, `bridge.state.dir=${directory}`, 'bridge.drain.max.per.second=0.1'];
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [BIN, 'bridge', '--ready-file', ready, ...keys.flatMap((key) => ['--set', key])], {
      env: cleanEnv(),
      stdio: ['ignore', full, full],
    });
    t.after(() => child.kill('SIGKILL'));
    await until('the bridge to be ready', () => existsSync(ready), 10_000);
    const { http } = (JSON.parse(readFileSync(ready, 'utf8')) as { ports: { http: number } }).ports;
    assert.deepEqual(await sendTraces(http, 3), [200, 200, 200]);
    child.kill('SIGHUP');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0);
    assert.equal(
      readFileSync(join(directory, 'data', 'otlp-traces.jsonl'), 'utf8')
        .trimEnd()
        .split('\n').length,
      3,
    );
  },
);

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import type { BridgePorts } from '../../doubles/bridge-process.ts';
import { BIN, cleanEnv } from '../../doubles/otlpctl.ts';
import { exportRequest } from '../../doubles/load.ts';
import { until } from '../../doubles/until.ts';
import { readTopic } from '../bridge-kafka/records.ts';
import { makeTopics } from '../stand/kafka-admin.ts';
import { loneBroker } from '../stand/lone-broker.ts';

const TOPIC = SIGNAL.traces.topic;
const FREE = ['otlp.grpc.port', 'otlp.http.port', 'bridge.rest.port', 'bridge.metrics.port'];

/** A broker of Kafka for what is deployed, with the topic that traces go to. It ends with the test. */
export async function brokerFor(t: TestContext): Promise<string> {
  const broker = await loneBroker({ kafka: '3.9.1' });
  t.after(() => broker.stop());
  await makeTopics(broker.kafka, [{ topic: TOPIC, numPartitions: 1, replicationFactor: 1 }]);
  return broker.kafka;
}

/**
 * Starts `otlpctl` with the arguments of a deployment, on free ports, and holds it to what the deployment says: health and readiness are open, metrics ask
 * for credentials and take this token, what is acknowledged is in Kafka, and a stop ends with 0. `folder` is one that it may write to, `through` what it is started by, if anything.
 */
export async function runAsDeployed(
  t: TestContext,
  args: readonly string[],
  { folder, token, kafka, through = [] }: { folder: string; token: string; kafka: string; through?: readonly string[] },
): Promise<void> {
  const readyFile = join(folder, 'ready.json');
  const all = [...args, ...FREE.flatMap((key) => ['--set', `${key}=0`]), '--set', 'bridge.stop.grace.ms=0', '--ready-file', readyFile];
  const [program, ...words] = [...through, process.execPath, BIN, ...all];
  const child = spawn(program!, words, { env: cleanEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const ended = once(child, 'close');
  const { metrics, http } = await until('the bridge to be ready', () => {
    if (child.exitCode !== null) throw new Error(`the bridge ended with ${child.exitCode}: ${said}`);
    try {
      return (JSON.parse(readFileSync(readyFile, 'utf8')) as { ports: BridgePorts }).ports;
    } catch {
      return undefined;
    }
  });
  const statusOf = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`http://127.0.0.1:${metrics}${path}`, { headers })).status;
  for (const path of ['/health', '/ready']) assert.equal(await statusOf(path), 200, path);
  assert.equal(await statusOf('/metrics'), 401);
  assert.equal(await statusOf('/metrics', { authorization: `Bearer ${token}` }), 200);
  const body = exportRequest('traces', 'deployed');
  const sent = await fetch(`http://127.0.0.1:${http}${SIGNAL.traces.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(body),
  });
  assert.equal(sent.status, 200);
  assert.equal((await readTopic(kafka, TOPIC)).length, 1);
  child.kill('SIGTERM');
  assert.deepEqual((await ended)[0], 0, said);
}

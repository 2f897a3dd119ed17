import { once } from 'node:events';
import { createServer } from 'node:net';
import assert from 'node:assert/strict';
import { exportRequest } from '../../doubles/load.ts';
import { until } from '../../doubles/until.ts';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';
import type { ConnectorOn } from '../stand/connector-on.ts';
import { listens } from '../faults/squatter.ts';
import type { Scene } from './scene.ts';

export const runs = (connector: ConnectorOn): Promise<unknown> => connector.settled('RUNNING', 'RUNNING');
export const fails = (connector: ConnectorOn): Promise<unknown> => connector.settled('RUNNING', 'FAILED');

/** Runs, and its configuration has these values. */
export const runsWith =
  (wanted: Readonly<Record<string, string | undefined>>) =>
  async (connector: ConnectorOn): Promise<void> => {
    await runs(connector);
    const config = (await connector.ask('GET', '/config')).body as Record<string, string>;
    for (const [key, value] of Object.entries(wanted)) assert.equal(config[key], value, key);
  };

/** Runs, and both ports are open: for a moment Connect shows the state of before. */
export const serves = async (connector: ConnectorOn): Promise<void> => {
  for (const port of [connector.grpc, connector.http])
    await until(`port ${port} to be open`, async () => (await listens(port)) || undefined);
  await runs(connector);
};

/** Until the connector itself, or its task, has failed: a connector that never ran has no task. */
export const isFailed = ({ ask }: ConnectorOn): Promise<true> =>
  until('a failure', async () => JSON.stringify((await ask('GET', '/status')).body).includes('"FAILED"') || undefined, 30_000);

/** The ports are closed while another program takes one; the task has met it by then. Gives it free. */
export async function heldPort({ ask, settled, grpc }: ConnectorOn): Promise<() => Promise<void>> {
  await ask('PUT', '/stop');
  await settled('STOPPED');
  const holder = createServer((socket) => socket.destroy()).listen(grpc, '127.0.0.1');
  await once(holder, 'listening');
  await ask('PUT', '/resume');
  await settled('RUNNING', 'FAILED');
  return async () => void (await once(holder.close(), 'close'));
}

/** That many requests over HTTP, each answered 200. */
export async function send({ http }: ConnectorOn, signal: Signal, { bytes = 10, times = 1 } = {}): Promise<void> {
  const body = new Uint8Array(exportRequest(signal, 'x'.repeat(bytes)));
  const headers = { 'content-type': 'application/x-protobuf' };
  for (let sent = 0; sent < times; sent++) {
    const { status } = await fetch(`http://127.0.0.1:${http}${SIGNAL[signal].path}`, { method: 'POST', headers, body });
    assert.equal(status, 200);
  }
}

/** One request of traces, which the task dies of. */
export const diesOf =
  (bytes = 10) =>
  async (scene: Scene): Promise<void> => {
    await send(scene, 'traces', { bytes });
    await fails(scene);
  };

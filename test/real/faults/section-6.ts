/** Clients: the target is healthy, and the one client that sends is set up wrongly. Real SDKs are run and quoted. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../doubles/until.ts';
import { clientOf, runClient, TROUBLED, type Run, type Trouble } from '../clients/troubled.ts';
import type { BridgeScene } from './bridge-scene.ts';
import { expected } from './fault.ts';
import type { Fault } from './fault.ts';
import type { RealScene } from './real-scene.ts';

type Scene = RealScene | BridgeScene;

/** The client's environment, and what it said where it said anything, as files that an operator was sent. */
export async function sendFiles(scene: Scene, env: Record<string, string>, run?: Run): Promise<void> {
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  scene.look['client-env'] = fileIn(scene, 'client.env', `${lines.join('\n')}\n`);
  const said = await runClient(env, run);
  if (said !== '') scene.look['client-error'] = fileIn(scene, 'client.log', said);
}

const sentFiles = (trouble: Trouble) => (scene: Scene) => sendFiles(scene, TROUBLED[trouble](scene));

function fileIn({ folder }: Scene, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A client that goes on trying in a network namespace of its own, as in a container on this host. */
const inContainer = async (scene: Scene): Promise<void> => {
  const env = TROUBLED['localhost-in-container'](scene);
  const { command, env: all } = clientOf(env, { alone: true });
  const again = [...command.slice(0, -3), 'sh', '-c', 'while :; do "$@"; sleep 1; done', 'sh', ...command.slice(-3)];
  const child = spawn(again[0]!, again.slice(1), { env: all, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  scene.after(() => void process.kill(-child.pid!, 'SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until('the client to be refused', () => /Connection refused/.test(said) || undefined, 30_000);
  scene.look['client-pid'] = String(child.pid);
  scene.look['client-error'] = fileIn(scene, 'client.log', said);
  if (!readFileSync(`/proc/${child.pid}/environ`, 'utf8').includes('OTEL_')) throw new Error('the client has not become what it is to be');
};

const row = (id: Trouble, first: string, inject: (scene: Scene) => Promise<void> = sentFiles(id)): Fault => ({
  id,
  expect: expected(0, first),
  real: { inject },
  bridge: { inject },
});

export const SECTION_6: readonly Fault[] = [
  row('grpc-to-http-port', 'client-protocol-mismatch'),
  row('http-to-grpc-port', 'client-protocol-mismatch'),
  row('signal-endpoint-without-path', 'client-wrong-path'),
  row('localhost-in-container', 'client-wrong-address', inContainer),
  row('proxy-env-on-client', 'client-proxy'),
  row('exporter-none', 'client-not-exporting'),
];

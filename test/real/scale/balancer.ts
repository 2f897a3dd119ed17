import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BridgePorts } from '../../doubles/bridge-process.ts';
import { deployed, filledIn } from '../deploy/files.ts';
import { part, type Part } from '../stand/part.ts';
import { freePorts } from '../stand/ports.ts';
import { HAPROXY } from '../tools.ts';

export type Balancer = { grpc: number; http: number; process: Part };

/** Names of the bridges behind it, as its answers have them in x-served-by. */
export const NAMES = ['bridge-1', 'bridge-2', 'bridge-3'] as const;
export type Name = (typeof NAMES)[number];
export type Places = Readonly<Record<Name, Pick<BridgePorts, 'rest' | 'metrics'> & { grpc: number; http: number }>>;

/** bridge/deploy/haproxy.cfg with these ports. On one machine every bridge has a metrics port of its own. */
export const balancerConfig = (listen: { grpc: number; http: number }, places: Places): string =>
  filledIn(deployed('haproxy.cfg'), {
    '127.0.0.1:4317 ': `127.0.0.1:${listen.grpc} `,
    '127.0.0.1:4318\n': `127.0.0.1:${listen.http}\n`,
    ...Object.fromEntries(
      NAMES.flatMap((name, index) => {
        const { grpc, http, metrics } = places[name];
        return [
          [`192.0.2.1${index + 1}:4317 proto h2 check-proto h1\n`, `127.0.0.1:${grpc} proto h2 check-proto h1 port ${metrics}\n`],
          [`192.0.2.1${index + 1}:4318\n`, `127.0.0.1:${http} port ${metrics}\n`],
        ];
      }),
    ),
  });

/** HAProxy before these bridges. It serves when each transport is answered by a bridge. */
export async function startBalancer(folder: string, places: Places, adopt: (group: number) => void): Promise<Balancer> {
  const [grpc, http] = (await freePorts(2)) as [number, number];
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, balancerConfig({ grpc, http }, places));
  const ready = async () => (await fetch(`http://127.0.0.1:${http}/v1/traces`).catch(() => null))?.status === 405;
  const process = part({ name: 'haproxy', logFile: join(folder, 'haproxy.log'), command: [HAPROXY, '-db', '-f', file], ready }, adopt);
  await process.start();
  return { grpc, http, process };
}

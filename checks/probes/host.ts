import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { PORTS } from '../../proto/vocabulary/connect.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import type { HostListeners, Listener, TargetFact } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { hostOf, isLoopback, jmxPlace, splitAddress } from '../address.ts';
import type { Answer, Answers, Look, Probe } from './probe.ts';
import { processorUse } from './proc-collector.ts';
import { isThisMachine } from './localhost.ts';
import { findHolders } from './proc-holders.ts';
import { parseProcNet } from './proc-net.ts';

const SOURCE = '/proc/net/tcp, /proc/PID/fd';

/** Who listens on the target's ports, seen on the worker's own host: where that is this machine, or behind --host-command. */
export const hostProbe: Probe = {
  gives: ['host.listeners'],
  needs: ['target'],
  // Behind a command five looks follow one another.
  rounds: 5,
  look: (look) => lookAtHolders(look),
};

/** `alone`: who holds the ports, without what a JVM uses, which takes a quarter of a second to measure. */
export async function lookAtHolders(look: Look, { alone = false } = {}): Promise<Answers> {
  const skipped = (reason: string) => ({ 'host.listeners': { source: SOURCE, unasked: 'skipped', reason } as const });
  const { hostCommand } = look.target;
  if (hostCommand !== undefined) {
    const [target, { hostAccess }, { remoteListeners }] = [
      await look.fact('target'),
      await import('./host-access.ts'),
      await import('./host-remote.ts'),
    ];
    const access = await hostAccess(look);
    if (!isSeen(target) || !('prefix' in access)) return skipped("the worker's ports are not known");
    return { 'host.listeners': await remoteListeners(look, access, portsOf(target.value, look)) };
  }
  if (process.platform !== 'linux') return skipped(`this machine runs ${process.platform}: only Linux shows its listeners in /proc`);
  const target = await look.fact('target');
  if (!isSeen(target) || target.value.workerHost === null) return skipped("the worker's host is not known");
  const { workerHost } = target.value;
  if (!(await isThisMachine(workerHost, look))) return skipped(`the worker's host ${workerHost} is not this machine`);
  return { 'host.listeners': await listeners(portsOf(target.value, look), look.signal, alone) };
}

async function listeners(ports: ReadonlySet<number>, signal: AbortSignal, alone: boolean): Promise<Answer<HostListeners>> {
  const little = endianness() === 'LE';
  const rows = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => parseProcNet(readTable(file), little))
    .filter(({ port }) => ports.has(port));
  const { byInode, complete } = await findHolders(new Set(rows.map(({ inode }) => inode)), signal);
  const holders = new Map([...byInode.values()].map((holder) => [holder.pid, holder]));
  const jvms = alone ? [] : [...holders.values()].filter(({ command }) => /^java\b/.test(command));
  const use = new Map(await Promise.all(jvms.map(async ({ pid }) => [pid, await processorUse(pid, signal)] as const)));
  const found = rows.map(({ address, port, inode }): Listener => {
    const holder = byInode.get(inode);
    return { address, port, ...holder, ...(holder && use.get(holder.pid)) };
  });
  found.sort((a, b) => a.port - b.port || a.address.localeCompare(b.address));
  return { source: SOURCE, value: { listeners: found, complete } };
}

/** tcp6 is missing where IPv6 is switched off; tcp is always there. */
function readTable(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (file.endsWith('6') && (error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

const RECEIVER_PORT_KEYS = ['otlp.grpc.port', 'otlp.http.port'];

/** The ports that a diagnosis may ask about: receivers, where they were named and where the configuration has them, REST, metrics. */
function portsOf({ grpc, http, workerId, config }: TargetFact, { target }: Look): ReadonlySet<number> {
  const portOf = (url: URL | null | undefined): number | undefined =>
    url === null || url === undefined || url.port === '' ? undefined : Number(url.port);
  const worker = /:(\d{1,5})$/.exec(workerId ?? '')?.[1];
  const rest = target.connectUrl !== null && isLoopback(hostOf(target.connectUrl)) ? portOf(target.connectUrl) : undefined;
  const ports = [
    grpc?.port,
    http?.port,
    ...(config === null ? [] : RECEIVER_PORT_KEYS.map((key) => Number(config[key] ?? defaultOf(key)))),
    worker === undefined ? undefined : Number(worker),
    rest,
    portOf(target.metricsUrl),
    splitAddress(jmxPlace(target.jmxUrl ?? '') ?? '')?.port,
    PORTS.metrics,
    PORTS.jolokia,
    PORTS.jmxExporter,
  ];
  return new Set(ports.filter((port) => port !== undefined));
}

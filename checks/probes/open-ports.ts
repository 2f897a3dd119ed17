import { readFileSync } from 'node:fs';
import { endianness, networkInterfaces } from 'node:os';
import { isThisMachine } from './localhost.ts';
import { findHolders } from './proc-holders.ts';
import { parseProcNet } from './proc-net.ts';

/** Every port that something listens on here, whatever the address; `by` is its program where it may be seen. */
export type OpenPort = { port: number; by: string };

function rowsOf(file: string): ReturnType<typeof parseProcNet> {
  try {
    return parseProcNet(readFileSync(file, 'utf8'), endianness() === 'LE');
  } catch (error) {
    // tcp6 is missing where IPv6 is switched off.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Null with the reason where the host is not this machine, or does not show its listeners. */
export async function openPorts(host: string, signal: AbortSignal): Promise<{ value: OpenPort[] } | { missing: string }> {
  if (process.platform !== 'linux') return { missing: `this machine runs ${process.platform}: only Linux shows its listeners in /proc` };
  const localAddresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  if (!(await isThisMachine(host, { localAddresses })))
    return { missing: `${host} is not this machine, so what listens there was not seen` };
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(rowsOf);
  const { byInode } = await findHolders(new Set(rows.map(({ inode }) => inode)), signal);
  const byPort = new Map<number, OpenPort>();
  for (const { port, inode } of rows) {
    const holder = byInode.get(inode);
    const by =
      holder?.pid === undefined
        ? 'held by a process that could not be seen'
        : `held by ${holder.command ?? 'a process'} (pid ${holder.pid})`;
    if (!byPort.has(port) || holder !== undefined) byPort.set(port, { port, by });
  }
  return { value: [...byPort.values()].sort((a, b) => a.port - b.port) };
}

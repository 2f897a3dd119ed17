import type { HostListeners, Listener } from '../facts/index.ts';
import { runOnHost } from './host-access.ts';
import type { HostAccess } from './host-access.ts';
import type { Answer, Look } from './probe.ts';
import { describeProcess, filesLimit } from './proc-holders.ts';
import type { Holder } from './proc-holders.ts';
import { parseProcNet } from './proc-net.ts';

/** Who listens on ports of a host that is reached by a command: read from its /proc by cat, ls and head, which every image has. */

/** Command lines stay far below the 128 KiB that one may have. */
const MOST_PROCESSES = 4000;

export async function remoteListeners(look: Look, access: HostAccess, ports: ReadonlySet<number>): Promise<Answer<HostListeners>> {
  const source = `${access.prefix.join(' ')} cat /proc/net/tcp`;
  const v4 = await runOnHost(look, access, ['cat', '/proc/net/tcp']);
  if (v4.end === 'unreached') return { source, unasked: 'unknown', reason: v4.detail };
  if (v4.end !== 'ok') return { source, unasked: 'unknown', reason: `${access.where} does not show its sockets: ${v4.detail}` };
  const v6 = await runOnHost(look, access, ['cat', '/proc/net/tcp6']);
  // Hosts of another byte order than this one are not known to run Connect.
  const rows = [v4.stdout, v6.end === 'ok' ? v6.stdout : ''].flatMap((text) => parseProcNet(text)).filter(({ port }) => ports.has(port));
  const { byInode, complete } = await holders(look, access, new Set(rows.map(({ inode }) => inode)));
  const found = rows.map(({ address, port, inode }): Listener => ({ address, port, ...byInode.get(inode) }));
  found.sort((a, b) => a.port - b.port || a.address.localeCompare(b.address));
  return { source, value: { listeners: found, complete } };
}

type Found = { byInode: Map<string, Holder>; complete: boolean };

async function holders(look: Look, access: HostAccess, inodes: ReadonlySet<string>): Promise<Found> {
  const byInode = new Map<string, Holder>();
  if (inodes.size === 0) return { byInode, complete: true };
  const all = (await runOnHost(look, access, ['ls', '/proc'])).stdout.split('\n').filter((name) => /^\d+$/.test(name));
  const links = await runOnHost(look, access, ['ls', '-l', ...all.slice(0, MOST_PROCESSES).map((pid) => `/proc/${pid}/fd`)]);
  const open = readLinks(links.stdout, inodes);
  const pids = [...new Set([...open.values()].map(({ pid }) => pid))];
  const about = pids.length === 0 ? '' : (await runOnHost(look, access, headOf(pids))).stdout;
  const files = readHeads(about);
  for (const [inode, { pid, files: count }] of open) {
    const of = (name: string): string => files.get(`/proc/${pid}/${name}`) ?? '';
    const known = describeProcess({ stat: of('stat'), comm: of('comm'), cmdline: of('cmdline') });
    byInode.set(inode, { pid, ...known, files: count, ...filesLimit(of('limits')) });
  }
  return { byInode, complete: byInode.size === inodes.size };
}

const headOf = (pids: readonly number[]): string[] => [
  ...['head', '-c', '8192'],
  ...pids.flatMap((pid) => ['stat', 'comm', 'cmdline', 'limits'].map((name) => `/proc/${pid}/${name}`)),
];

/** `ls -l` of several folders: `/proc/7/fd:`, then `… 5 -> socket:[123]`. Which process has each of these sockets, and how many files it has open. */
export function readLinks(text: string, inodes: ReadonlySet<string>): Map<string, { pid: number; files: number }> {
  const found = new Map<string, { pid: number; files: number }>();
  for (const part of text.split(/^(?=\/proc\/\d+\/fd:$)/m)) {
    const pid = Number(/^\/proc\/(\d+)\/fd:/.exec(part)?.[1]);
    if (Number.isNaN(pid)) continue;
    const files = part.match(/ -> /g)?.length ?? 0;
    for (const [, inode = ''] of part.matchAll(/ -> '?socket:\[(\d+)\]/g))
      if (inodes.has(inode) && !found.has(inode)) found.set(inode, { pid, files });
  }
  return found;
}

/** `head` of several files: each behind `==> NAME <==`. */
export function readHeads(text: string): Map<string, string> {
  const parts = text.split(/(?:^|\n)==> (\/proc\/\d+\/\w+) <==\n/);
  return new Map(parts.flatMap((name, at) => (at % 2 === 1 ? [[name, parts[at + 1] ?? ''] as const] : [])));
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../doubles/until.ts';

type Owner = { after(cleanUp: () => void): unknown };

/** Commands put behind this run in the namespaces. */
export type Prefix = readonly string[];

const run = promisify(execFile);

/** A host of its own as far as network, processes and packet filter go, with one program. `filter`: as inside.sh has it. The program's output goes nowhere. */
export async function hostWith(t: Owner, filter: string, program: readonly string[]): Promise<{ pid: number; prefix: Prefix }> {
  const inside = resolve(import.meta.dirname, 'inside.sh');
  const host = spawn('unshare', ['--mount', '--net', '--pid', '--fork', '--mount-proc', 'bash', inside, filter, ...program], {
    stdio: 'ignore',
  });
  t.after(() => host.kill('SIGKILL'));
  // unshare waits for its child, which is the host's process 1.
  const pid = await until('the namespaces', async () => {
    if (host.exitCode !== null) throw new Error(`unshare ended with ${host.exitCode}: this kernel gives no namespaces to this user`);
    const found = await run('pgrep', ['-P', String(host.pid)]).catch(() => undefined);
    return found === undefined ? undefined : Number(found.stdout);
  });
  t.after(() => {
    if (host.exitCode === null) process.kill(pid, 'SIGKILL');
  });
  return { pid, prefix: ['nsenter', '-t', String(pid), '-m', '-n', '-p'] };
}

/** A network of its own that is joined with that of process `pid` by a cable: 10.77.0.1 there, 10.77.0.2 here. */
export async function peerOf(t: Owner, pid: number): Promise<Prefix> {
  const peer = spawn('unshare', ['--net', 'sh', '-c', 'echo up; exec sleep infinity'], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => peer.kill('SIGKILL'));
  await once(peer.stdout, 'data');
  const [there, here]: Prefix[] = [pid, peer.pid].map((of) => ['nsenter', '-t', String(of), '-n']);
  const ip = (prefix: Prefix, words: string) => run(prefix[0]!, [...prefix.slice(1), 'ip', ...words.split(' ')]);
  await ip(there!, 'link add to-peer type veth peer name to-worker');
  await ip(there!, `link set to-worker netns ${peer.pid}`);
  for (const [prefix, name, address] of [
    [there!, 'to-peer', '10.77.0.1/24'],
    [here!, 'to-worker', '10.77.0.2/24'],
  ] as const) {
    await ip(prefix, `addr add ${address} dev ${name}`);
    await ip(prefix, `link set ${name} up`);
  }
  return here!;
}

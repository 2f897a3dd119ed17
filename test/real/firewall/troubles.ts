import type { TestContext } from 'node:test';
import type { WorkerHost } from './worker-host.ts';

export type Trouble = {
  /** who runs it, when it is not root */
  user?: number;
  before?: (host: WorkerHost, t: TestContext) => Promise<unknown>;
  as?: readonly string[];
  wait?: string;
  code: 0 | 2 | 3;
  said: RegExp;
  /** nothing was begun */
  refused?: true;
  /** rows of ufw afterwards */
  rows: readonly string[];
};

const NOBODY = 65534;
export const BOTH = ['4317/tcp', '4318/tcp'];

/** ufw waits for its lock for as long as somebody else has it. Debian's own python: another may start a second process. */
const HOLD = `import fcntl,time; f=open('/run/ufw.lock','w'); fcntl.lockf(f,fcntl.LOCK_EX); print('held',flush=True); time.sleep(600)`;
export async function heldLock(host: WorkerHost, t: TestContext): Promise<() => void> {
  const holder = host.start(['/usr/bin/python3', '-c', HOLD]);
  const end = (): void => void holder.child.kill('SIGKILL');
  t.after(end);
  await new Promise((held) => holder.child.stdout!.once('data', held));
  return end;
}

/** What may stand in the way of `firewall allow`, and what it then says, leaves behind and ends with. */
export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'no trouble': { code: 0, said: /port 4317 is open and port 4318 is open \(ufw filters.*\nDone in /, rows: BOTH },
  'it is off': {
    before: async (host, t) => {
      await host.type('ufw disable');
      t.after(() => void host.type('ufw --force enable'));
    },
    ...{ code: 0, said: /port 4318 is open \(ufw is off/, rows: [] },
  },
  'another filter closes a port': {
    before: async (host, t) => {
      await host.type(
        "nft add table inet other && nft add chain inet other in '{ type filter hook input priority -10; }' && nft add rule inet other in tcp dport 4318 drop",
      );
      t.after(() => void host.type('nft delete table inet other'));
    },
    ...{ code: 2, said: /not seen until the packet filter lets .* nft closes port 4318 to other hosts/i, rows: BOTH },
  },
  'the rules are there already': {
    before: (host) => host.type('ufw allow 4317/tcp && ufw allow 4318/tcp'),
    ...{ code: 0, said: /^Done in /m, rows: BOTH },
  },
  'not root': {
    user: NOBODY,
    ...{ code: 3, refused: true, rows: [] },
    said: /^otlpctl: only root may change the firewall: sudo ufw allow 4317\/tcp && sudo ufw allow 4318\/tcp$/m,
  },
  'no ufw on this machine': {
    as: ['env', 'PATH=/nowhere'],
    ...{ code: 3, said: /there is no ufw on this machine's PATH: nothing was done\./i, rows: [] },
  },
  'its rules cannot be written': {
    before: async (host, t) => {
      await host.type('mount -o remount,ro,bind /etc/ufw');
      t.after(() => void host.type('mount -o remount,rw,bind /etc/ufw'));
    },
    ...{ code: 2, said: /ufw ended with exit code \d+/i, rows: [] },
  },
  'it hangs': { before: heldLock, wait: '1', code: 2, said: /ufw printed nothing in 1\.0 s and was ended/i, rows: [] },
};

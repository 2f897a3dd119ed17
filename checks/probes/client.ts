import { readFileSync, readlinkSync } from 'node:fs';
import { endianness } from 'node:os';
import type { ClientEnv, ClientError, ClientNetwork } from '../facts/index.ts';
import type { ClientGiven } from '../target.ts';
import { readClientEnv } from './client-env.ts';
import { printable } from '../printable.ts';
import { programOf } from './proc-holders.ts';
import { parseProcNet } from './proc-net.ts';
import type { Answer, Probe } from './probe.ts';

const MOST_LISTENING = 200;
/** The last lines of what a client says: an SDK repeats itself. */
const MOST_LINES = 60;
const MOST_CHARACTERS = 600;

/** One client, as far as a person gave it: its environment from a file or a process, and what it said. */
export const clientProbe: Probe = {
  gives: ['client.env', 'client.error'],
  look({ target: { client = {} } }) {
    return Promise.resolve({ 'client.env': envOf(client), 'client.error': errorOf(client) });
  },
};

function envOf({ env }: ClientGiven): Answer<ClientEnv> {
  if (env === undefined)
    return { source: "a client's environment", unasked: 'skipped', reason: 'none was given', give: '--client-env FILE' };
  if ('pid' in env) return ofProcess(env.pid);
  const { place, variables, isOurs } = env;
  return { source: place, value: { place, ...readClientEnv(variables), ...(isOurs && { network: { isOurs } }) } };
}

/** The environment that a process began with. Source: proc(5), /proc/PID/environ. */
function ofProcess(pid: number): Answer<ClientEnv> {
  const source = `/proc/${pid}/environ`;
  if (process.platform !== 'linux')
    return {
      source,
      unasked: 'unknown',
      reason: `this machine runs ${process.platform}: only Linux shows a process's environment in /proc`,
    };
  let text: string;
  try {
    text = readFileSync(source, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM')
      return {
        source,
        unasked: 'unknown',
        reason: `process ${pid} is another user's: its environment is only for that user and root to read`,
      };
    if (code === 'ENOENT' || code === 'ESRCH') return { source, unasked: 'unknown', reason: `there is no process ${pid} on this machine` };
    throw error;
  }
  const all = Object.fromEntries(
    text.split('\0').flatMap((pair) => (pair.includes('=') ? [[pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]] : [])),
  ) as Record<string, string>;
  const program = programOf(pid);
  const network = networkOf(pid);
  const place = `process ${pid}${program === '' ? '' : ` (${program})`}`;
  return { source, value: { place, pid, ...readClientEnv(all), ...(network === undefined ? {} : { network }) } };
}

/** Where localhost of that process is. Nothing when its namespace is not for us to see. */
function networkOf(pid: number): ClientNetwork | undefined {
  try {
    const isOurs = readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net');
    return isOurs ? { isOurs } : { isOurs, listening: listeningOf(pid) };
  } catch {
    return undefined;
  }
}

const listeningOf = (pid: number) =>
  ['tcp', 'tcp6']
    .flatMap((table) => {
      try {
        return parseProcNet(readFileSync(`/proc/${pid}/net/${table}`, 'utf8'), endianness() === 'LE');
      } catch (error) {
        // tcp6 is missing where IPv6 is switched off; without tcp nothing is known.
        if (table === 'tcp6') return [];
        throw error;
      }
    })
    .slice(0, MOST_LISTENING)
    .map(({ address, port }) => ({ host: address, port }));

function errorOf({ error }: ClientGiven): Answer<ClientError> {
  if (error === undefined)
    return { source: "a client's error", unasked: 'skipped', reason: 'none was given', give: '--client-error TEXT|FILE' };
  const lines = error.text
    .split(/\r?\n/)
    .map((line) => printable(line).trim().slice(0, MOST_CHARACTERS))
    .filter((line) => line !== '');
  return { source: error.place, value: { place: error.place, lines: lines.slice(-MOST_LINES) } };
}

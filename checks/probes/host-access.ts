import { shellWord } from '../derive/commands.ts';
import { isSeen } from '../facts/index.ts';
import { isThisMachine } from './localhost.ts';
import { runTool } from './outside-tool.ts';
import type { Look, UnaskedOutcome } from './probe.ts';

/** A host that can be looked at: behind a command that reaches it, or this machine. `where`: as a person would say it. */
export type HostAccess = { where: string; prefix: readonly string[] };

const GIVE = { give: "--host-command 'ssh HOST'" };

/**
 * The worker's host: behind --host-command, else this machine where the worker runs here. `orKafka`: also where a broker that was given does.
 * Anything else cannot be reached, and is skipped.
 */
export async function hostAccess(look: Look, { orKafka = false } = {}): Promise<HostAccess | UnaskedOutcome> {
  const { hostCommand, kafka = [] } = look.target;
  if (hostCommand !== undefined) return { where: `the host behind ${hostCommand.map(shellWord).join(' ')}`, prefix: hostCommand };
  const target = await look.fact('target');
  const workerHost = isSeen(target) ? target.value.workerHost : null;
  const hosts = [...(workerHost === null ? [] : [workerHost]), ...(orKafka ? kafka.map(({ host }) => host) : [])];
  for (const host of hosts) if (await isThisMachine(host, look)) return local();
  const reason = hosts.length === 0 ? "the worker's host is not known" : `the worker's host ${hosts.join(' or ')} is not this machine`;
  return { unasked: 'skipped', reason, ...GIVE };
}

const local = (): HostAccess | UnaskedOutcome =>
  process.platform === 'linux'
    ? { where: 'this machine', prefix: [] }
    : { unasked: 'skipped', reason: `this machine runs ${process.platform}, and only Linux is looked at`, ...GIVE };

/**
 * What became of a command there. ok: whatever its exit code, where it printed what was asked; missing: there is no such tool; denied: it tells another user only;
 * unreached: the host itself could not be reached.
 */
export type HostRan = { end: 'ok' | 'failed' | 'missing' | 'denied' | 'unreached'; stdout: string; detail: string };

const MOST_CHARACTERS = 4 * 1024 * 1024;

/** ssh ends with 255 for troubles of its own. Source: ssh(1), EXIT STATUS. */
const UNREACHED =
  /exit code 255\b|Could not resolve hostname|Unable to connect to the server|pods? ".*" not found|No such container|Error response from daemon/i;
/** A shell's, kubectl's and docker's words for a tool that is not there. Source: POSIX, exit status 127; OCI runtime, exec. */
const MISSING = /exit code 12[67]\b|command not found|: not found|executable file not found/i;
const DENIED =
  /must be root|need to be root|Operation not permitted|Permission denied|Authorization failed|not authorized|password is required/i;

/**
 * Runs words on the host. They must be plain (letters, digits, `/._-`): ssh hands them to a shell there and kubectl does not, so that quotes would
 * mean one thing to the one and another to the other.
 */
export async function runOnHost(look: Look, { prefix }: HostAccess, words: readonly string[]): Promise<HostRan> {
  const said = { stdout: '', stderr: '' };
  look.count();
  const end = await runTool({
    command: [...prefix, ...words],
    // Tools speak another language where the environment says so.
    env: { ...look.settings.env, LC_ALL: 'C' },
    deadlineMs: look.deadlineMs,
    signal: look.signal,
    onLine: (line, from) => {
      if (said[from].length < MOST_CHARACTERS) said[from] += `${line}\n`;
    },
  });
  const { stdout, stderr } = said;
  if ('exit' in end) return { end: 'ok', stdout, detail: '' };
  if ('unasked' in end) return { end: prefix.length === 0 ? 'missing' : 'unreached', stdout, detail: end.reason };
  const { failure, detail } = end;
  const why = `${detail} ${stderr} ${stdout.slice(0, 500)}`;
  if (failure === 'timeout' || UNREACHED.test(why)) return { end: 'unreached', stdout, detail };
  if (failure === 'denied' || DENIED.test(why)) return { end: 'denied', stdout, detail };
  return { end: MISSING.test(why) ? 'missing' : 'failed', stdout, detail };
}

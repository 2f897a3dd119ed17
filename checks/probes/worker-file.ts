import { readFile, readlink } from 'node:fs/promises';
import type { Outcome, Probe, Look } from './probe.ts';
import type { WorkerFile } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { splitAddress } from '../address.ts';
import { hostAccess, runOnHost } from './host-access.ts';
import type { HostAccess } from './host-access.ts';

/** Settings of producers that concern how they write. Everything else of the file, secrets above all, is passed over. */
export const PRODUCER_KEYS = [
  'acks',
  'linger.ms',
  'batch.size',
  'compression.type',
  'buffer.memory',
  'max.request.size',
  'max.in.flight.requests.per.connection',
  'enable.idempotence',
  'delivery.timeout.ms',
  'request.timeout.ms',
  'max.block.ms',
  'retries',
] as const;

/** The file that the worker was started with, found by its process: the process that listens on the worker's REST port names it behind its main class. */
export const workerFileProbe: Probe = {
  gives: ['host.worker-file'],
  needs: ['host.listeners', 'target'],
  rounds: 3,
  async look(look) {
    const access = await hostAccess(look);
    const source = "the worker's file";
    if (!('prefix' in access)) return { 'host.worker-file': { source, ...access } };
    const [listeners, target] = [await look.fact('host.listeners'), await look.fact('target')];
    const port = splitAddress((isSeen(target) ? target.value.workerId : null) ?? '')?.port;
    const pid = isSeen(listeners) ? listeners.value.listeners.find((one) => one.port === port)?.pid : undefined;
    if (pid === undefined)
      return { 'host.worker-file': { source, unasked: 'unknown', reason: `the worker's process is not seen on ${access.where}` } };
    return { 'host.worker-file': { source, ...(await read(look, access, pid)) } };
  },
};

async function read(look: Look, access: HostAccess, pid: number): Promise<Outcome<WorkerFile>> {
  const cannot = (reason: string): Outcome<never> => ({ unasked: 'unknown', reason });
  const cmdline = await textOf(look, access, `/proc/${pid}/cmdline`);
  if (cmdline === undefined) return cannot(`the command line of the worker, process ${pid}, may not be read by this user`);
  const given = fileIn(cmdline.split('\0'));
  if (given === undefined) return cannot(`process ${pid} is no Connect worker that names its file`);
  const path = given.startsWith('/') ? given : `${(await folderOf(look, access, pid)) ?? ''}/${given}`;
  const text = await textOf(look, access, path);
  return text === undefined ? cannot(`${path} may not be read by this user`) : { value: { path, ...readWorkerFile(text) } };
}

/** `org.apache.kafka.connect.cli.ConnectDistributed FILE`, or ConnectStandalone. */
export function fileIn(words: readonly string[]): string | undefined {
  const main = words.findIndex((word) => /\.Connect(?:Distributed|Standalone)$/.test(word));
  const file = main < 0 ? undefined : words[main + 1];
  return file === undefined || file === '' || !/^[\w./@%+=:,-]+$/.test(file) ? undefined : file;
}

async function textOf(look: Look, access: HostAccess, path: string): Promise<string | undefined> {
  if (access.prefix.length === 0) return readFile(path, 'utf8').catch(() => undefined);
  const { end, stdout } = await runOnHost(look, access, ['cat', path]);
  return end === 'ok' ? stdout : undefined;
}

async function folderOf(look: Look, access: HostAccess, pid: number): Promise<string | undefined> {
  if (access.prefix.length === 0) return readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  const { end, stdout } = await runOnHost(look, access, ['readlink', `/proc/${pid}/cwd`]);
  return end === 'ok' ? stdout.trim() : undefined;
}

/** Of a properties file of the worker, only what producers are told. Source: java.util.Properties, as far as such files use it. */
export function readWorkerFile(text: string): Omit<WorkerFile, 'path'> {
  const producer: Record<string, string> = {};
  let overridePolicy: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, key = '', value = ''] = /^\s*([^\s#!=:][^\s=:]*)\s*[=:]?\s*(.*?)\s*$/.exec(line) ?? [];
    const name = key.startsWith('producer.') ? key.slice('producer.'.length) : undefined;
    if (name !== undefined && (PRODUCER_KEYS as readonly string[]).includes(name)) producer[name] = value;
    if (key === 'connector.client.config.override.policy') overridePolicy = value;
  }
  return { producer, ...(overridePolicy === undefined ? {} : { overridePolicy }) };
}

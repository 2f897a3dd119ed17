import { existsSync } from 'node:fs';
import { appendFile, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import { BRIDGE_LOGGER, type Log } from '../log.ts';
import { FORMATS } from '../convert/convert.ts';
import { CONTENT_TYPE, type Encoding, type Message } from '../message.ts';
import { BATCH } from './plain-outlet.ts';
import type { Destination, Outlet, Sink, Written } from './sink.ts';

const FILE = /^spilled-[\dTZ-]+\.jsonl$/;
const DRAFT = /^(spilled-[\dTZ-]+\.jsonl)\.draft$/;

type Kept = { line: string; to: Destination; message: Message };

const encodingNamed = (type: string | undefined): Encoding | undefined =>
  (Object.keys(CONTENT_TYPE) as Encoding[]).find((known) => CONTENT_TYPE[known] === type);

/** A line of a spilled file, as `spilledLine` writes it; null for one that is cut or something else. */
function keptIn(line: string): Kept | null {
  try {
    const { timestamp, topic, headers, value, format } = JSON.parse(line) as {
      timestamp: number;
      topic: string;
      headers: { [name: string]: string };
      value: string;
      format?: string;
    };
    const signal = SIGNALS.find((known) => known === headers['signal']);
    const encoding = encodingNamed(headers['content-type']);
    // A line without it is as its sender had it.
    const form = FORMATS.find((known) => known === (format ?? encoding));
    if (!signal || !encoding || !form || typeof topic !== 'string' || typeof timestamp !== 'number') return null;
    const message = { signal, encoding, receivedAt: timestamp, body: Buffer.from(value, 'base64') };
    return { line, to: { topic, format: form, creation: null }, message };
  } catch {
    return null;
  }
}

export type TakeUp = {
  directory: string;
  sink: Sink;
  /** of one write */
  deadlineMs: number;
  log: Log;
  /** files that were said to stay, and need not be said again */
  staying?: Set<string>;
  /** aborted: no write is waited for any more */
  leaveOff?: AbortSignal;
};

const STOPS = 'the bridge stops';

type Way = Pick<TakeUp, 'sink' | 'deadlineMs' | 'leaveOff'>;

/** One write, given up when the sink does not answer in time: neither a start nor a stop may hang on it. */
async function writeInTime(outlet: Outlet, batch: readonly Message[], { deadlineMs, leaveOff }: Way): Promise<Written> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  const left = () => reject(new Error(STOPS));
  leaveOff?.addEventListener('abort', left);
  try {
    return await Promise.race([outlet.write(batch), late]);
  } finally {
    clearTimeout(timer);
    leaveOff?.removeEventListener('abort', left);
  }
}

/** `isUntouched`: the sink took nothing at all, so the file can stay as it is, unread. */
type Progress = { delivered: number; damaged: string[]; left: string[]; fault: string | null; isUntouched: boolean };

/** What became of neighbours of one destination. Rejects when none of them is stored. */
async function handOn(batch: readonly Kept[], way: Way, progress: Progress): Promise<void> {
  const outlet = way.sink.open(batch[0]!.to);
  try {
    const { left, fault, unstorable } = await writeInTime(
      outlet,
      batch.map(({ message }) => message),
      way,
    );
    const [stays, never] = [new Set(left), new Set(unstorable.map(({ message }) => message))];
    progress.left.push(...batch.filter(({ message }) => stays.has(message)).map(({ line }) => line));
    progress.damaged.push(...batch.filter(({ message }) => never.has(message)).map(({ line }) => line));
    progress.delivered += batch.length - left.length - unstorable.length;
    progress.fault = fault?.sentence ?? null;
  } catch (error) {
    progress.fault = (error as Error).message;
    progress.left.push(...batch.map(({ line }) => line));
  } finally {
    void outlet.close();
  }
}

/** Delivers a file's lines in order until the sink refuses. Neighbours of one destination go together. */
async function deliver(path: string, way: Way): Promise<Progress> {
  const progress: Progress = { delivered: 0, damaged: [], left: [], fault: null, isUntouched: false };
  let batch: Kept[] = [];
  let bytes = 0;
  const flush = async () => {
    if (batch.length > 0 && way.leaveOff?.aborted) progress.fault ??= STOPS;
    if (batch.length > 0 && progress.fault === null) await handOn(batch, way, progress);
    else progress.left.push(...batch.map(({ line }) => line));
    [batch, bytes] = [[], 0];
  };
  const file = await open(path);
  try {
    for await (const line of file.readLines({ encoding: 'latin1' })) {
      const kept = keptIn(line);
      if (!kept) {
        progress.damaged.push(line);
        continue;
      }
      const { length } = kept.message.body;
      const isOther = batch.length > 0 && (batch[0]!.to.topic !== kept.to.topic || batch[0]!.to.format !== kept.to.format);
      if (isOther || batch.length >= BATCH.messages || bytes + length > BATCH.bytes) await flush();
      if (progress.fault !== null && progress.delivered === 0) return { ...progress, isUntouched: true };
      bytes += length;
      batch.push(kept);
    }
    await flush();
  } finally {
    await file.close();
  }
  return progress;
}

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Keeps what was not delivered, whole or not at all: a crash here may deliver twice, and loses nothing. */
async function keepLeft(path: string, left: readonly string[]): Promise<void> {
  if (left.length === 0) return rm(path);
  const draft = await open(`${path}.draft`, 'w', 0o600);
  try {
    await draft.writeFile(text(left), 'latin1');
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(`${path}.draft`, path);
}

/**
 * Files that a killed process was writing. What it had to spill and did not come to the end of is taken up as far as it goes; what was left of a file that
 * is still there whole is not needed. For a start: nobody may be spilling.
 */
export async function adoptDrafts(directory: string, log: Log): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const path = join(directory, DRAFT.exec(name)?.[1] ?? name);
    if (!DRAFT.test(name)) continue;
    try {
      if (existsSync(path)) await rm(`${path}.draft`);
      else await rename(`${path}.draft`, path);
    } catch (error) {
      log({ level: 'WARN', message: `${path}.draft could not be taken up: ${(error as Error).message}`, logger: BRIDGE_LOGGER });
    }
  }
}

/**
 * Hands to the sink what earlier stops had to spill, oldest file first and before anything new is accepted. What the sink does not take stays in its file
 * for the next time. Not counted: these messages were counted when they came. Never rejects.
 */
export async function takeUpSpilled({ directory, log, staying = new Set(), ...way }: TakeUp): Promise<void> {
  const { place } = way.sink;
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((one) => FILE.test(one)).sort()) {
    const path = join(directory, name);
    const say = (level: 'INFO' | 'WARN', message: string) => log({ level, message, logger: BRIDGE_LOGGER });
    try {
      const { delivered, damaged, left, fault, isUntouched } = await deliver(path, way);
      if (damaged.length > 0 && !isUntouched) {
        await appendFile(`${path}.damaged`, text(damaged), { encoding: 'latin1', mode: 0o600 });
        say('WARN', `${damaged.length} lines of ${path} are no records, or none that ${place} can store, and are kept in ${path}.damaged`);
      }
      if (!isUntouched) await keepLeft(path, left);
      if (delivered > 0) say('INFO', `${delivered} messages that an earlier stop spilled to ${path} are delivered to ${place}`);
      if (fault !== null) {
        if (!staying.has(path)) say('WARN', `What is in ${path} stays there: ${place} did not take it (${fault}). It is tried again`);
        staying.add(path);
        return;
      }
    } catch (error) {
      say('WARN', `${path} could not be taken up and stays as it is: ${(error as Error).message}`);
    }
  }
}

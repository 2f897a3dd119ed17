import { appendFile, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Log } from '../log.ts';
import { CONTENT_TYPE, type Encoding, type Message } from '../message.ts';
import type { Sink } from './sink.ts';

/** As the lanes have it: a batch stays below what Kafka takes by default. */
const BATCH = { messages: 200, bytes: 900_000 } as const;
const LOGGER = 'otlpctl.bridge';
const FILE = /^spilled-[\dTZ-]+\.jsonl$/;

type Record = { topic: string; message: Message };

/** A line of a spilled file, as `recordLine` writes it; null for one that is cut or something else. */
function recordOf(line: string): Record | null {
  try {
    const { timestamp, topic, headers, value } = JSON.parse(line) as {
      timestamp: number;
      topic: string;
      headers: { [name: string]: string };
      value: string;
    };
    const signal = SIGNALS.find((known) => known === headers['signal']);
    const encoding = (Object.keys(CONTENT_TYPE) as Encoding[]).find((known) => CONTENT_TYPE[known] === headers['content-type']);
    if (!signal || !encoding || typeof topic !== 'string' || typeof timestamp !== 'number') return null;
    return { topic, message: { signal, encoding, receivedAt: timestamp, body: Buffer.from(value, 'base64') } };
  } catch {
    return null;
  }
}

/** One write, given up when the sink does not answer in time: a start must not hang on it. */
async function writeInTime(sink: Sink, topic: string, batch: readonly Message[], deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    await Promise.race([sink.write(topic, batch), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `isUntouched`: the sink took nothing at all, so the file can stay as it is, unread. */
type Progress = { delivered: number; damaged: string[]; left: string[]; fault: string | null; isUntouched: boolean };

/** Delivers a file's lines in order until the sink refuses. Neighbours of one topic go together. */
async function deliver(path: string, sink: Sink, deadlineMs: number): Promise<Progress> {
  const progress: Progress = { delivered: 0, damaged: [], left: [], fault: null, isUntouched: false };
  let [topic, bytes] = ['', 0];
  let lines: string[] = [];
  let batch: Message[] = [];
  const flush = async () => {
    if (batch.length > 0 && progress.fault === null) {
      try {
        await writeInTime(sink, topic, batch, deadlineMs);
        progress.delivered += batch.length;
        lines = [];
      } catch (error) {
        progress.fault = (error as Error).message;
      }
    }
    progress.left.push(...lines);
    [lines, batch, bytes] = [[], [], 0];
  };
  const file = await open(path);
  try {
    for await (const line of file.readLines({ encoding: 'latin1' })) {
      const record = recordOf(line);
      if (!record) {
        progress.damaged.push(line);
        continue;
      }
      const { length } = record.message.body;
      if (record.topic !== topic || batch.length >= BATCH.messages || bytes + length > BATCH.bytes) await flush();
      if (progress.fault !== null && progress.delivered === 0) return { ...progress, isUntouched: true };
      topic = record.topic;
      bytes += length;
      lines.push(line);
      batch.push(record.message);
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
 * Hands to the sink what earlier stops had to spill, oldest file first and before anything new is accepted. What the sink does not take stays in its file
 * for the next start. Not counted: these messages were counted when they came. Never rejects.
 */
export async function takeUpSpilled(directory: string, sink: Sink, deadlineMs: number, log: Log): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((one) => FILE.test(one)).sort()) {
    const path = join(directory, name);
    const say = (level: 'INFO' | 'WARN', message: string) => log({ level, message, logger: LOGGER });
    try {
      const { delivered, damaged, left, fault, isUntouched } = await deliver(path, sink, deadlineMs);
      if (damaged.length > 0 && !isUntouched) {
        await appendFile(`${path}.damaged`, text(damaged), { encoding: 'latin1', mode: 0o600 });
        say('WARN', `${damaged.length} lines of ${path} are no records and are kept in ${path}.damaged`);
      }
      if (!isUntouched) await keepLeft(path, left);
      if (delivered > 0) say('INFO', `${delivered} messages that an earlier stop spilled to ${path} are delivered to ${sink.place}`);
      if (fault !== null) {
        say('WARN', `What is in ${path} stays there: ${sink.place} did not take it (${fault}). The next start tries again`);
        return;
      }
    } catch (error) {
      say('WARN', `${path} could not be taken up and stays as it is: ${(error as Error).message}`);
    }
  }
}

import { existsSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signal } from '../../proto/vocabulary/signals.ts';
import { makeFolder } from '../folder.ts';
import type { Message } from '../message.ts';
import { plainOutlet } from './plain-outlet.ts';
import { recordLines, spilledLine, topicFault } from './record.ts';
import type { Destination, Sink } from './sink.ts';
import { openTopicFile, type TopicFile } from './topic-file.ts';

/** One JSON Lines file a topic, `TOPIC.jsonl`, in a folder of the owner's alone. A write resolves when the operating system has it. */
export async function openFileSink(directory: string): Promise<Sink> {
  makeFolder(directory);
  const files = new Map<string, Promise<TopicFile>>();

  const fileOf = (topic: string): Promise<TopicFile> => {
    const known = files.get(topic);
    if (known) return known;
    const opening = openTopicFile(join(directory, `${topic}.jsonl`));
    files.set(topic, opening);
    // A file that could not be opened is tried again with the next write.
    opening.catch(() => files.delete(topic));
    return opening;
  };

  return {
    place: `file ${directory}`,
    open: ({ topic }) =>
      plainOutlet(async (batch) => {
        const fault = topicFault(topic);
        if (fault !== null) throw new Error(fault);
        await (await fileOf(topic)).append(recordLines(topic, batch));
      }),
    async close() {
      const opened = await Promise.allSettled(files.values());
      files.clear();
      const closed = await Promise.allSettled(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
      for (const one of closed) if (one.status === 'rejected') throw one.reason;
    },
  };
}

/** `spilled-20261123T150000123Z.jsonl`: when, and legal everywhere. A second one in the same millisecond gets a number. */
async function openNew(directory: string) {
  const stamp = new Date().toISOString().replace(/[-:.]/g, '');
  for (let copy = 1; ; copy++) {
    const path = join(directory, `spilled-${stamp}${copy > 1 ? `-${copy}` : ''}.jsonl`);
    if (existsSync(path)) continue;
    try {
      return { path, draft: `${path}.draft`, file: await open(`${path}.draft`, 'wx', 0o600) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Keeps messages that no sink took in a new file of the same lines as the file sink's, each naming its topic and form, and forces it to the disk.
 * It has its name only once it is whole. Gives the path; rejects with the system's error, and then nothing may be counted as kept.
 */
export async function spill(directory: string, messages: readonly Message[], to: Readonly<Record<Signal, Destination>>): Promise<string> {
  makeFolder(directory);
  const { path, draft, file } = await openNew(directory);
  try {
    for (const message of messages) await file.writeFile(spilledLine(to[message.signal], message), 'latin1');
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  return path;
}

import { join } from 'node:path';
import { makeFolder } from '../folder.ts';
import type { Log } from '../log.ts';
import { spilledLine } from './record.ts';
import type { Destination, Unstorable } from './sink.ts';
import { openTopicFile, type TopicFile } from './topic-file.ts';

const LOGGER = 'otlpctl.bridge.Pipeline';
/** Of messages of one topic that are kept, and of those that are lost, a line that often at most. */
const QUIET_MS = 10_000;

export type SetAside = {
  /** Keeps a message that the sink will never store, and says where. Never rejects: what cannot be kept is lost, and said. */
  keep(to: Destination, one: Unstorable): Promise<void>;
  close(): Promise<void>;
};

/** Messages that were accepted and can never be stored: one file a topic, `TOPIC.jsonl`, of the lines that a spilled file has. */
export function openSetAside(directory: string, log: Log, now: () => number): SetAside {
  const files = new Map<string, Promise<TopicFile>>();
  const said = new Map<string, { at: number; more: number }>();
  const pathOf = (topic: string) => join(directory, `${topic}.jsonl`);
  const fileOf = (topic: string): Promise<TopicFile> => {
    const known = files.get(topic);
    if (known) return known;
    makeFolder(directory);
    const opening = openTopicFile(pathOf(topic));
    files.set(topic, opening);
    opening.catch(() => files.delete(topic));
    return opening;
  };

  const say = (level: 'WARN' | 'ERROR', topic: string, message: string) => {
    const last = said.get(`${level} ${topic}`);
    if (last && now() - last.at < QUIET_MS) return void last.more++;
    said.set(`${level} ${topic}`, { at: now(), more: 0 });
    log({ level, message: `${message}${last && last.more > 0 ? ` (and ${last.more} more since the line before)` : ''}`, logger: LOGGER });
  };

  return {
    async keep(to, { message, fault }) {
      const what = `A message of ${message.body.length} bytes for ${to.topic}`;
      try {
        await (await fileOf(to.topic)).append(Buffer.from(spilledLine(to, message), 'latin1'));
        say('WARN', to.topic, `${what} can never be stored (${fault.sentence}) and is set aside in ${pathOf(to.topic)}`);
      } catch (error) {
        say('ERROR', to.topic, `${what} can never be stored (${fault.sentence}) nor set aside (${(error as Error).message}): it is lost`);
      }
    },
    async close() {
      for (const file of files.values()) await (await file.catch(() => null))?.close().catch(() => {});
      files.clear();
    },
  };
}

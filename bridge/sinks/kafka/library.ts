import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type Kafkajs from 'kafkajs';
import type { Log } from '../../log.ts';
import { mendKafkajs, THROTTLED } from './mend.ts';

const LOGGER = 'otlpctl.bridge.kafkajs';
/** Of what the library says, each kind of line that often at most. */
const QUIET_MS = 60_000;

type Encoder = { buffer: Buffer };

/** Its lines about answers that are errors, and about connections that we end. */
const SAID_ELSEWHERE = /^Response |given up$|^Failed to send messages/;

let loaded: typeof Kafkajs | undefined;

/** kafkajs with zstd, mended. */
export function kafkajs(): typeof Kafkajs {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  mendKafkajs(require);
  loaded = require('kafkajs') as typeof Kafkajs;
  const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];
  loaded.CompressionCodecs[loaded.CompressionTypes.ZSTD] = () => ({
    // Told how much there is, it makes tables that are no larger than that takes.
    compress: ({ buffer }: Encoder) => compress(buffer, { pledgedSrcSize: buffer.length }),
    decompress: (buffer: Buffer) => decompress(buffer),
  });
  return loaded;
}

/** Says what the library says, each kind of line now and then. One for all clients: they come and go while a broker is away. */
export type SayOfLibrary = (message: string, namespace: string, broker: string | null) => void;

export function quietLog(log: Log, now: () => number): SayOfLibrary {
  const said = new Map<string, number>();
  return (message, namespace, broker) => {
    const kind = `${namespace} ${message.replace(/\d+/g, '')}`;
    if (now() - (said.get(kind) ?? -Infinity) < QUIET_MS) return;
    if (said.size > 100) said.clear();
    said.set(kind, now());
    log({ level: 'INFO', message: `kafkajs: ${message}${broker === null ? '' : ` (${broker})`}`, logger: LOGGER });
  };
}

/** Lines of the library, as lines of ours: few, and none that alarms, for what they mean is said in its own words elsewhere. */
export const libraryLog =
  (say: SayOfLibrary, throttled: (ms: number) => void): Kafkajs.logCreator =>
  () =>
  ({ namespace, log: { message, ...extra } }) => {
    if (message === THROTTLED) return throttled(extra['throttleMs'] as number);
    if (!SAID_ELSEWHERE.test(message)) say(message, namespace, typeof extra['broker'] === 'string' ? extra['broker'] : null);
  };

const isOfLibrary = (reason: unknown): boolean =>
  reason instanceof Error && (/^KafkaJS/.test(reason.name) || (reason.stack ?? '').includes('/kafkajs/'));

/** The library leaves some rejections to nobody, which would end the process. Others than its own still do. Gives a way to leave off. */
export function catchStrays(log: Log): () => void {
  const caught = (reason: unknown): void => {
    if (!isOfLibrary(reason)) throw reason;
    log({ level: 'INFO', message: `kafkajs left an error to nobody: ${(reason as Error).message}`, logger: LOGGER });
  };
  process.on('unhandledRejection', caught);
  return () => void process.off('unhandledRejection', caught);
}

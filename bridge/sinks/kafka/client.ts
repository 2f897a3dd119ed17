import { readFileSync } from 'node:fs';
import type { Admin, ISocketFactoryArgs, Kafka, KafkaConfig, Producer } from 'kafkajs';
import type { KafkaSettings } from '../../settings/kafka.ts';
import type { Entrances } from './entrances.ts';
import { kafkajs, libraryLog, type SayOfLibrary } from './library.ts';
import type { Partitions, Pick } from './partitions.ts';
import type { KafkaRecord } from './record.ts';
import { createSockets, type Sockets } from './sockets.ts';

/**
 * kafkajs for one topic. It asks for all topics of a producer at once and fails with the first one's error, so each topic has a producer of its own:
 * one that is missing stops no other.
 */
export type Client = {
  sockets: Sockets;
  /** Resolves once all in-sync replicas have the records, which are all of one partition. Rejects as kafkajs does, or when nothing came in time. */
  send(records: readonly KafkaRecord[], pick: Pick): Promise<void>;
  /** Lends an administration client over connections of its own. */
  withAdmin<T>(ask: (admin: Admin) => Promise<T>, deadlineMs?: number): Promise<T>;
  /** Ends it, whatever is under way. */
  close(): void;
};

export type ClientOptions = {
  topic: string;
  settings: KafkaSettings;
  entrances: Entrances;
  partitions: Partitions;
  /** waits for a quota do not count as silence */
  isThrottled: () => boolean;
  throttled: (ms: number) => void;
  say: SayOfLibrary;
};

const WATCH_MS = 500;
/** Beyond the library's own time limit, which does not cover everything that it waits for. */
const GRACE_MS = 5_000;

const tlsOf = (tls: NonNullable<KafkaSettings['tls']>): NonNullable<KafkaConfig['ssl']> => {
  const own = tls.own === null ? null : readFileSync(tls.own, 'utf8');
  return {
    ...(tls.trusted === null ? {} : { ca: readFileSync(tls.trusted, 'utf8') }),
    ...(own === null ? {} : { cert: own, key: own }),
    ...(tls.password === null ? {} : { passphrase: tls.password }),
    ...(tls.anyName ? { checkServerIdentity: () => undefined } : {}),
  };
};

/** Rejects when it takes longer, apart from the time in which `isExcused`. */
async function inTime<T>(work: Promise<T>, limitMs: number, isExcused: () => boolean): Promise<T> {
  let left = limitMs;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (!isExcused()) left -= WATCH_MS;
      if (left <= 0) reject(Object.assign(new Error(`no answer within ${limitMs} ms`), { name: 'KafkaJSRequestTimeoutError' }));
    }, WATCH_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearInterval(timer);
  }
}

export function createClient({ topic, settings, entrances, partitions, isThrottled, throttled, say }: ClientOptions): Client {
  const { Kafka, CompressionTypes, logLevel } = kafkajs();
  const compression = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, zstd: CompressionTypes.ZSTD }[settings.compression];
  const limitMs = settings.requestTimeoutMs + settings.connectTimeoutMs + GRACE_MS;
  const config = (sockets: Sockets, server: number): KafkaConfig => ({
    clientId: settings.clientId,
    brokers: [sockets.bootstrap[server]!],
    connectionTimeout: settings.connectTimeoutMs,
    authenticationTimeout: settings.connectTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    enforceRequestTimeout: true,
    // The lane tries again, knows how often, and says so.
    retry: { retries: 0, initialRetryTime: 50 },
    logLevel: logLevel.WARN,
    logCreator: libraryLog(say, throttled),
    socketFactory: (wanted: ISocketFactoryArgs) => sockets.open(wanted),
    ...(settings.tls === null ? {} : { ssl: tlsOf(settings.tls) }),
    ...(settings.sasl === null ? {} : { sasl: settings.sasl as NonNullable<KafkaConfig['sasl']> }),
  });

  /** A client of the library that is let in by one of the bootstrap servers. */
  const enter = <T extends Admin | Producer>(over: Sockets, make: (kafka: Kafka) => T): Promise<T> =>
    entrances.through(async (server) => {
      const made = make(new Kafka(config(over, server)));
      try {
        await made.connect();
      } catch (error) {
        made.disconnect().catch(() => {});
        throw error;
      }
      return made;
    }, over.isDestroyed);

  const sockets = createSockets(settings.brokers);
  let producer: Promise<Producer> | null = null;
  const connected = (): Promise<Producer> =>
    (producer ??= enter(sockets, (kafka) =>
      kafka.producer({
        createPartitioner:
          () =>
          ({ message, partitionMetadata }) => {
            const { pick, key } = message as unknown as { pick: Pick; key: string | null };
            return partitions.choose(partitionMetadata, pick, key);
          },
        metadataMaxAge: settings.metadataMaxAgeMs,
        allowAutoTopicCreation: true,
      }),
    ));

  return {
    sockets,
    async send(records, pick) {
      const messages = records.map((record) => ({ ...record, pick }));
      const sent = connected().then((one) => one.send({ topic, acks: -1, compression, timeout: settings.requestTimeoutMs, messages }));
      const [answer] = await inTime(sent, limitMs, isThrottled);
      if (!answer || answer.errorCode !== 0) throw new Error(`Kafka's answer names no partition of ${topic}`);
    },
    async withAdmin(ask, deadlineMs = limitMs) {
      const own = createSockets(settings.brokers);
      const admin = enter(own, (kafka) => kafka.admin());
      try {
        return await inTime(admin.then(ask), deadlineMs, () => false);
      } finally {
        admin.then((one) => one.disconnect()).catch(() => {});
        setImmediate(() => own.destroy());
      }
    },
    close() {
      producer?.then((one) => one.disconnect()).catch(() => {});
      // kafkajs waits for what is under way when it disconnects; an error on its sockets ends that at once.
      setImmediate(() => sockets.destroy());
    },
  };
}

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import { readTopic } from '../bridge-kafka/records.ts';
import { makeTopics } from '../stand/kafka-admin.ts';
import { loneBroker } from '../stand/lone-broker.ts';
import { ID } from './senders.ts';

/** Where the bridges write to, and what that promises. */
export type Store = {
  /** keys of every bridge */
  keys: Readonly<Record<string, string>>;
  /** Whether a bridge that is killed may take with it what it has acknowledged: what it held, and nothing else. */
  killedMayLose: boolean;
  /** ids of what is stored, one of a pair stored twice each time; asked once nobody writes any more */
  ids(folders: readonly string[]): Promise<string[]>;
};

/** Of lines as the file sink writes them. */
const idsOf = (lines: readonly string[]): string[] =>
  lines.filter(Boolean).flatMap((line) => {
    const { value } = JSON.parse(line) as { value: string };
    return Buffer.from(value, 'base64').toString('latin1').match(ID) ?? [];
  });

/**
 * Answers when a message is queued. The throttle keeps queues filled, so that a stop has something to hand on and a kill something to lose: what was given
 * to the operating system stays, what is queued or in flight goes with the process.
 */
const FILES: Store = {
  keys: { 'bridge.sink': 'file', 'bridge.ack': 'queue', 'bridge.drain.max.per.second': '20' },
  killedMayLose: true,
  ids: (folders) =>
    Promise.resolve(
      folders.flatMap((folder) => {
        const data = join(folder, 'data');
        return idsOf(readdirSync(data).flatMap((name) => readFileSync(join(data, name), 'utf8').split('\n')));
      }),
    ),
};

const TOPIC = 'scale-traces';

/** Answers when Kafka has the message: a bridge that is killed holds nothing that anybody was told is safe. */
async function oneCluster(t: TestContext): Promise<Store> {
  const broker = await loneBroker({ kafka: '3.9.1' });
  t.after(() => broker.stop());
  await makeTopics(broker.kafka, [{ topic: TOPIC, numPartitions: 3, replicationFactor: 1 }]);
  return {
    keys: {
      'bridge.sink': 'kafka',
      'bridge.ack': 'kafka',
      'bridge.kafka.bootstrap.servers': broker.kafka,
      'otlp.message.format': 'protobuf',
      [SIGNAL.traces.topicKey]: TOPIC,
    },
    killedMayLose: false,
    ids: async () => (await readTopic(broker.kafka, TOPIC)).flatMap(({ value }) => value.toString('latin1').match(ID) ?? []),
  };
}

/** By name; what a store needs to run ends with the test. */
export const STORES: Readonly<Record<string, (t: TestContext) => Store | Promise<Store>>> = {
  'the file sink, acknowledged when queued': () => FILES,
  'one Kafka cluster, acknowledged when stored there': oneCluster,
};

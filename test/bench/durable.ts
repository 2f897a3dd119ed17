import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTopics } from '../real/stand/kafka-admin.ts';
import { loneBroker } from '../real/stand/lone-broker.ts';
import { measureIngest, type Contender, type Turn } from './bridge/ingest.ts';
import { drainFigures } from './drain.ts';
import { hundredSpans, requestFiles, SPANS } from './bridge/request.ts';
import { bridgeServer, collectorServer, type Server } from './bridge/servers.ts';
import { tools } from './bridge/tools.ts';
import { figureTable, median, type Figure } from './figures.ts';
import { addResults, load } from './results.ts';

const KAFKA = '4.1.0';
const TOPIC = 'bench-durable';
const PARTITIONS = 4;
const TRANSPORTS = ['http', 'grpc'] as const;
const CODECS = ['none', 'zstd'] as const;

/** What the bridge is to reach, over the Collector: requests stored a second, and CPU of one. */
const LEAST: Readonly<Record<`${(typeof TRANSPORTS)[number]} ${(typeof CODECS)[number]}`, number>> = {
  'grpc none': 1,
  'http none': 0.8,
  'grpc zstd': 1,
  'http zstd': 1,
};
const MOST_CPU = 0.7;
/** Durable requests are some thousands a second: a turn takes five seconds or more. */
const REQUESTS = { http: 20_000, grpc: 20_000 } as const;

/** Both answer once all in-sync replicas have the request. */
const bridgeTo = (kafka: string, codec: string): Promise<Server> =>
  bridgeServer({
    'bridge.sink': 'kafka',
    'bridge.ack': 'kafka',
    'bridge.ack.timeout.ms': '60000',
    'bridge.kafka.bootstrap.servers': kafka,
    'bridge.kafka.compression.type': codec,
    'otlp.message.format': 'protobuf',
    'kafka.topic.traces': TOPIC,
  });
const collectorTo = (kafka: string, codec: string): Promise<Server> =>
  collectorServer({
    kafka: {
      brokers: [kafka],
      traces: { topic: TOPIC },
      sending_queue: { enabled: false },
      producer: { required_acks: -1, compression: codec },
    },
  });

const ratio = (of: readonly Turn[], to: readonly Turn[], value: (turn: Turn) => number): number =>
  median(of.map((turn, round) => value(turn) / value(to[round]!)));

/** Requests that Kafka has before they are answered: the bridge and the Collector, by turns, into one broker. */
export async function benchDurable(rounds: number): Promise<void> {
  const versions = await tools();
  const loadBefore = load();
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bench-'));
  const broker = await loneBroker({ kafka: KAFKA });
  const servers: Server[] = [];
  try {
    await makeTopics(broker.kafka, [
      // What was measured is not kept: the disk is not what is measured.
      { topic: TOPIC, numPartitions: PARTITIONS, configEntries: [{ name: 'retention.bytes', value: '100000000' }] },
    ]);
    const contenders: Contender[] = [];
    for (const codec of CODECS) {
      const pair = [await bridgeTo(broker.kafka, codec), await collectorTo(broker.kafka, codec)] as const;
      servers.push(...pair);
      for (const transport of TRANSPORTS)
        for (const [at, name] of ['bridge', 'Collector'].entries())
          contenders.push({ name: `${transport} ${codec}: ${name}`, transport, server: pair[at]! });
    }
    const body = hundredSpans();
    const turns = await measureIngest(contenders, requestFiles(folder, 'traces', body), rounds, REQUESTS);
    const figures: Figure[] = contenders.flatMap(({ name }, at) => {
      if (at % 2 === 1) return [];
      const what = name.split(':')[0] as keyof typeof LEAST;
      const [bridge, collector] = [turns[at]!, turns[at + 1]!];
      return [
        {
          what: `${what}: requests stored a second over the Collector's`,
          reached: ratio(bridge, collector, ({ perSecond }) => perSecond),
          unit: '×',
          atLeast: LEAST[what],
        },
        {
          what: `${what}: CPU of a request over the Collector's`,
          reached: ratio(bridge, collector, ({ cpuUs }) => cpuUs),
          unit: '×',
          atMost: MOST_CPU,
        },
      ];
    });
    const rows = contenders.map(
      ({ name }, at) =>
        `| ${name} | ${median(turns[at]!.map(({ cpuUs }) => cpuUs)).toFixed(0)} | ${median(turns[at]!.map(({ perSecond }) => perSecond)).toFixed(0)} |`,
    );
    const drain = await drainFigures(broker.kafka, TOPIC, rounds);
    await addResults('durable', `durable ${rounds}`, `${versions}, Kafka ${KAFKA}`, loadBefore, [
      ...figureTable([...figures, ...drain.figures]),
      '',
      `One request: ${SPANS} spans, ${body.length} bytes of protobuf; answered once Kafka has it (acks=all, one broker, ${PARTITIONS} partitions). ${rounds} rounds by turns.`,
      '',
      '| sender to server | µs CPU a request, median | requests/s, median |',
      '|---|---|---|',
      ...rows,
      ...drain.rows,
    ]);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await broker.stop();
    rmSync(folder, { recursive: true });
  }
}

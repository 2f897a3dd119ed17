import { resolve } from 'node:path';
import { execa } from 'execa';
import { withAdmin } from '../real/stand/kafka-admin.ts';
import { median, type Figure } from './figures.ts';

type Turn = { perSecond: number; cpuUs: number };

const COUNT = 10_000;
const CONTENDERS = [
  { who: 'bridge', codec: 'none' },
  { who: 'bare', codec: 'none' },
  { who: 'bridge', codec: 'zstd' },
  { who: 'bare', codec: 'zstd' },
] as const;
const [BRIDGE_NONE, BARE_NONE, BRIDGE_ZSTD, BARE_ZSTD] = [0, 1, 2, 3] as const;

/** Records of a topic, by its offsets: what was said to be stored is counted where it is. */
const recordsOf = (kafka: string, topic: string): Promise<number> =>
  withAdmin(kafka, async (admin) => (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0));

async function turn(kafka: string, topic: string, { who, codec }: (typeof CONTENDERS)[number]): Promise<Turn> {
  const before = await recordsOf(kafka, topic);
  const child = resolve(import.meta.dirname, 'drain-child.ts');
  const { stdout } = await execa(process.execPath, [
    '--disable-warning=TimeoutNegativeWarning',
    child,
    who,
    kafka,
    topic,
    codec,
    String(COUNT),
  ]);
  const stored = (await recordsOf(kafka, topic)) - before;
  if (stored !== COUNT) throw new Error(`${who} with ${codec} was to drain ${COUNT} requests, Kafka has ${stored} more`);
  return JSON.parse(stdout) as Turn;
}

/** A full queue into Kafka: the bridge's pipeline and sink, and a bare loop on kafkajs with the same batches, by turns. */
export async function drainFigures(kafka: string, topic: string, rounds: number): Promise<{ figures: Figure[]; rows: string[] }> {
  const turns = CONTENDERS.map((): Turn[] => []);
  for (let round = 0; round < rounds; round++) for (const [at, one] of CONTENDERS.entries()) turns[at]!.push(await turn(kafka, topic, one));
  const over = (what: string, of: number, to: number, atLeast: number): Figure => ({
    what: `drain: requests a second, ${what}`,
    reached: median(turns[of]!.map(({ perSecond }, round) => perSecond / turns[to]![round]!.perSecond)),
    unit: '×',
    atLeast,
  });
  return {
    figures: [
      over('none, over a bare kafkajs loop with the same batches', BRIDGE_NONE, BARE_NONE, 0.9),
      over('zstd, over a bare kafkajs loop with the same batches', BRIDGE_ZSTD, BARE_ZSTD, 0.9),
      over('zstd over none', BRIDGE_ZSTD, BRIDGE_NONE, 1.05),
    ],
    rows: CONTENDERS.map(({ who, codec }, at) => {
      const of = (value: (one: Turn) => number) => median(turns[at]!.map(value)).toFixed(0);
      const name = who === 'bridge' ? "the bridge's pipeline and sink" : 'a bare kafkajs loop';
      return `| drain ${codec}: ${name} | ${of(({ cpuUs }) => cpuUs)} | ${of(({ perSecond }) => perSecond)} |`;
    }),
  };
}

import { median, type Figure } from '../figures.ts';
import type { Transport } from './h2load.ts';
import { measureIngest, type Contender, type Turn } from './ingest.ts';
import { bareServer, bridgeServer, collectorServer } from './servers.ts';

/** What a request may cost the bridge, as a part of what it costs the others. Own code: over the bare loop on the same library. */
const GOALS: Readonly<Record<Transport, { collector: number; bare: number; library: string }>> = {
  http: { collector: 0.25, bare: 1.3, library: 'node:http' },
  grpc: { collector: 0.8, bare: 1.15, library: 'grpc-js' },
};
const TRANSPORTS = ['http', 'grpc'] as const;
const NAMES = ['bare loop', 'bare loop that walks', 'bridge', 'Collector'] as const;
const [BARE, WALKING, BRIDGE, COLLECTOR] = [0, 1, 2, 3] as const;

const cpu = (turns: readonly Turn[]): number[] => turns.map(({ cpuUs }) => cpuUs);
/** Of each round by itself: neighbours that come and go touch both sides of a round alike. */
const ratio = (turns: readonly Turn[], to: readonly Turn[]): number => median(turns.map(({ cpuUs }, round) => cpuUs / to[round]!.cpuUs));

const serverRow = ({ name }: Contender, turns: readonly Turn[]): string =>
  `| ${name} | ${median(cpu(turns)).toFixed(1)} | ${Math.min(...cpu(turns)).toFixed(1)} | ${median(turns.map(({ perSecond }) => perSecond)).toFixed(0)} |`;

function figuresOf(transport: Transport, turns: readonly Turn[][]): Figure[] {
  const goal = GOALS[transport];
  const against = (what: string, of: number, to: number, atMost?: number): Figure => ({
    what: `${transport.toUpperCase()}: CPU of a request, ${what}`,
    reached: ratio(turns[of]!, turns[to]!),
    unit: '×',
    ...(atMost === undefined ? {} : { atMost }),
  });
  return [
    against('against the Collector (otlp to nop)', BRIDGE, COLLECTOR, goal.collector),
    against(`against a bare ${goal.library} loop`, BRIDGE, BARE, goal.bare),
    against('against a bare loop that walks the wire', BRIDGE, WALKING),
  ];
}

/** Bridge, bare loops and Collector, by turns in one run. */
export async function ingestFigures(
  files: Readonly<Record<Transport, string>>,
  rounds: number,
): Promise<{ figures: Figure[]; rows: string[] }> {
  const shared = await Promise.all([bridgeServer(), collectorServer()]);
  const [bridge, collector] = shared;
  const contenders: Contender[] = [];
  try {
    for (const transport of TRANSPORTS) {
      const servers = [await bareServer(transport, false), await bareServer(transport, true), bridge, collector];
      contenders.push(...servers.map((server, at) => ({ name: `${transport}: ${NAMES[at]}`, transport, server })));
    }
    const turns = await measureIngest(contenders, files, rounds);
    return {
      figures: TRANSPORTS.flatMap((transport, at) => figuresOf(transport, turns.slice(at * NAMES.length, (at + 1) * NAMES.length))),
      rows: [
        '| server | µs CPU a request, median | least | requests/s, median |',
        '|---|---|---|---|',
        ...contenders.map((one, at) => serverRow(one, turns[at]!)),
      ],
    };
  } finally {
    await Promise.all([...new Set([...shared, ...contenders.map(({ server }) => server)])].map((server) => server.stop()));
  }
}

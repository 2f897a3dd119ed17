import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONNECTIONS, heldConnections } from './bridge/connections.ts';
import { ingestFigures } from './bridge/ingest-figures.ts';
import { EACH, fullQueues, idleRssMb, PAYLOAD_MB } from './bridge/memory.ts';
import { hundredSpans, requestFiles, SPANS } from './bridge/request.ts';
import { startMs } from './bridge/start.ts';
import { tools } from './bridge/tools.ts';
import { figureTable, median, type Figure } from './figures.ts';
import { addResults, load } from './results.ts';

const STARTS = 11;
const IDLE_RUNS = 3;
const TRANSPORTS = ['http', 'grpc'] as const;

async function series(count: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  while (values.length < count) values.push(await measure());
  return values;
}

async function startFigures(): Promise<Figure[]> {
  return [
    {
      what: `start to both receivers listening, median of ${STARTS}`,
      reached: median(await series(STARTS, startMs)),
      unit: 'ms',
      atMost: 400,
    },
    { what: `RSS of an idle bridge, median of ${IDLE_RUNS}`, reached: median(await series(IDLE_RUNS, idleRssMb)), unit: 'MB', atMost: 100 },
  ];
}

async function queueFigures(folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const transport of TRANSPORTS) {
    const { rssMb, peakRssMb, arrayBuffersMb } = await fullQueues(transport, folder);
    const what = `3 × ${EACH} × 2 kB queued over ${transport}`;
    figures.push(
      { what: `${what}: RSS at rest, after 45 s`, reached: rssMb, unit: 'MB', atMost: 300 },
      { what: `${what}: RSS at its most`, reached: peakRssMb, unit: 'MB' },
      { what: `${what}: ArrayBuffers over payload`, reached: arrayBuffersMb / PAYLOAD_MB, unit: '×', atMost: 1.1 },
    );
  }
  return figures;
}

async function connectionFigures(): Promise<Figure[]> {
  const held = await Promise.all(TRANSPORTS.map(heldConnections));
  return held.flatMap(({ beforeMb, eachKb, afterMb }, at) => {
    const what = `${CONNECTIONS} connections over ${TRANSPORTS[at]}`;
    return [
      { what: `${what}: RSS of each`, reached: eachKb, unit: 'kB', atMost: 150 },
      {
        what: `${what}: RSS 60 s after they closed over before (${beforeMb.toFixed(0)} MB)`,
        reached: afterMb / beforeMb,
        unit: '×',
        atMost: 1.2,
      },
    ];
  });
}

/** What the bridge costs: CPU of a request against others, start, memory. Throws when what was counted is not what was sent. */
export async function benchBridge(rounds: number): Promise<void> {
  const versions = await tools();
  const loadBefore = load();
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bench-'));
  try {
    const body = hundredSpans();
    const { figures, rows } = await ingestFigures(requestFiles(folder, 'traces', body), rounds);
    figures.push(...(await startFigures()), ...(await queueFigures(folder)), ...(await connectionFigures()));
    const request = `One request: ${SPANS} spans, ${body.length} bytes of protobuf, the same for all. ${rounds} rounds by turns.`;
    await addResults('bridge', `bridge ${rounds}`, versions, loadBefore, [...figureTable(figures), '', request, '', ...rows]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { h2load, type Transport } from './bridge/h2load.ts';
import { cpuMs, rssMb } from './bridge/proc.ts';
import { hundredSpans, requestFiles } from './bridge/request.ts';
import { bridgeServer, type Server } from './bridge/servers.ts';
import { tools } from './bridge/tools.ts';
import { figureTable, median, type Figure } from './figures.ts';
import { addResults, load } from './results.ts';

const MINUTES = 10;
const SLICE_SECONDS = 15;
const TRANSPORTS = ['http', 'grpc'] as const;
/** What is compared: the last three minutes, and three at the beginning without the first, in which code is compiled and heaps grow. */
const COMPARED_SECONDS = 180;
const WARM_UP_SECONDS = 60;

type Slice = { at: number; rssMb: number; meanMs: Readonly<Record<Transport, number>>; perSecond: number };

/** Both transports at once, as fast as the bridge answers, for about a slice. */
async function slice(
  server: Server,
  files: Readonly<Record<Transport, string>>,
  requests: Record<Transport, number>,
  began: number,
): Promise<Slice> {
  const [countBefore, startedAt] = [await server.counted(), performance.now()];
  const [http, grpc] = await Promise.all(TRANSPORTS.map((one) => h2load(one, server.ports[one], files[one], requests[one])));
  const sent = requests.http + requests.grpc;
  const counted = (await server.counted()) - countBefore;
  if (counted !== sent) throw new Error(`${sent} requests were sent and ${counted} are counted`);
  const now = performance.now();
  return {
    at: (now - began) / 1000,
    rssMb: rssMb(server.pid),
    meanMs: { http: http!.meanMs, grpc: grpc!.meanMs },
    perSecond: (sent * 1000) / (now - startedAt),
  };
}

async function soak(server: Server, files: Readonly<Record<Transport, string>>): Promise<Slice[]> {
  const began = performance.now();
  const slices: Slice[] = [];
  let requests: Record<Transport, number> = { http: 5_000, grpc: 5_000 };
  do {
    const startedAt = performance.now();
    slices.push(await slice(server, files, requests, began));
    const longer = (SLICE_SECONDS * 1000) / (performance.now() - startedAt);
    if (slices.length < 3) requests = { http: Math.round(requests.http * longer), grpc: Math.round(requests.grpc * longer) };
  } while (performance.now() - began < MINUTES * 60_000);
  return slices;
}

function flatness(slices: readonly Slice[]): Figure[] {
  const end = slices.at(-1)!.at;
  const first = slices.filter(({ at }) => at > WARM_UP_SECONDS && at <= WARM_UP_SECONDS + COMPARED_SECONDS);
  const last = slices.filter(({ at }) => at > end - COMPARED_SECONDS);
  const compare = (what: string, value: (slice: Slice) => number): Figure => ({
    what: `${what}, last ${COMPARED_SECONDS / 60} minutes over minutes 2 to 4`,
    reached: median(last.map(value)) / median(first.map(value)),
    unit: '×',
    atMost: 1.1,
  });
  return [
    compare('RSS', (one) => one.rssMb),
    compare('mean time of an HTTP request', (one) => one.meanMs.http),
    compare('mean time of a gRPC call', (one) => one.meanMs.grpc),
  ];
}

const row = ({ at, rssMb: rss, meanMs, perSecond }: Slice): string =>
  `| ${at.toFixed(0)} | ${rss.toFixed(0)} | ${meanMs.http.toFixed(2)} | ${meanMs.grpc.toFixed(2)} | ${perSecond.toFixed(0)} |`;

/** Ten minutes of both transports at full speed: memory and latency must be at the end what they were at the beginning. */
export async function benchSoak(): Promise<void> {
  const versions = await tools();
  const loadBefore = load();
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bench-'));
  const server = await bridgeServer();
  try {
    const slices = await soak(server, requestFiles(folder, 'traces', hundredSpans()));
    const cpu = cpuMs(server.pid) / 1000;
    const total = `${await server.counted()} requests, ${cpu.toFixed(0)} s of CPU. One line a slice of about ${SLICE_SECONDS} s:`;
    const rows = ['| s | RSS, MB | HTTP, ms | gRPC, ms | requests/s |', '|---|---|---|---|---|', ...slices.map(row)];
    await addResults('bridge', 'soak', versions, loadBefore, [...figureTable(flatness(slices)), '', total, '', ...rows]);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

import { execa } from 'execa';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';

export type Transport = 'http' | 'grpc';
export type Run = { seconds: number; perSecond: number; meanMs: number };

const LOAD: Readonly<Record<Transport, readonly string[]>> = {
  http: ['--h1', '-c16', '-H', 'content-type: application/x-protobuf'],
  grpc: ['-c16', '-m4', '-H', 'content-type: application/grpc', '-H', 'te: trailers'],
};
const pathOf = (transport: Transport, signal: Signal): string =>
  transport === 'http' ? SIGNAL[signal].path : `/${SIGNAL[signal].service}/Export`;

const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

/**
 * Posts `file` so many times over 16 connections (gRPC: 4 calls on each) as fast as the server answers.
 * Throws when not every one was answered with 2xx: then nothing was measured.
 */
export async function h2load(transport: Transport, port: number, file: string, requests: number, signal: Signal = 'traces'): Promise<Run> {
  const url = `http://127.0.0.1:${port}${pathOf(transport, signal)}`;
  const { stdout } = await execa('h2load', [...LOAD[transport], '-t1', `-n${requests}`, '-d', file, url]);
  const found = (pattern: RegExp): string[] => {
    const groups = pattern.exec(stdout);
    if (!groups) throw new Error(`h2load said something else than it used to: ${stdout}`);
    return groups.slice(1);
  };
  const [amount, unit, perSecond] = found(/finished in ([\d.]+)(us|ms|s), ([\d.]+) req\/s/);
  const [ok] = found(/status codes: (\d+) 2xx/);
  if (Number(ok) !== requests) throw new Error(`${ok} of ${requests} requests to ${url} were answered with 2xx:\n${stdout}`);
  // min, max, mean, standard deviation
  const [mean, meanUnit] = found(/time for request:\s+\S+\s+\S+\s+([\d.]+)(us|ms|s)/);
  return {
    seconds: (Number(amount) * UNIT_MS[unit!]!) / 1000,
    perSecond: Number(perSecond),
    meanMs: Number(mean) * UNIT_MS[meanUnit!]!,
  };
}

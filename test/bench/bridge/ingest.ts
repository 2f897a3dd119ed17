import { cpuMs } from './proc.ts';
import { h2load, type Transport } from './h2load.ts';
import type { Server } from './servers.ts';

export type Contender = { name: string; transport: Transport; server: Server };
/** One turn of one server: what a request cost it, and how many a second it answered. */
export type Turn = { cpuUs: number; perSecond: number };

/** So many that a turn takes a second or more: CPU time is told in steps of 10 ms. */
export const REQUESTS: Readonly<Record<Transport, number>> = { http: 60_000, grpc: 30_000 };
const WARM_UP = 10_000;

async function turn({ name, transport, server }: Contender, file: string, requests: number): Promise<Turn> {
  const [cpuBefore, countBefore] = [cpuMs(server.pid), await server.counted()];
  const { perSecond } = await h2load(transport, server.ports[transport], file, requests);
  const cpu = cpuMs(server.pid) - cpuBefore;
  const counted = (await server.counted()) - countBefore;
  // gRPC says its errors under HTTP status 200: what counts is what the server has.
  if (counted !== requests) throw new Error(`${name} was sent ${requests} requests and counts ${counted}`);
  return { cpuUs: (cpu * 1000) / requests, perSecond };
}

/** All of them by turns, A B C A B C, so that they meet the same neighbours on this machine. Turns by contender, in order. */
export async function measureIngest(
  contenders: readonly Contender[],
  files: Readonly<Record<Transport, string>>,
  rounds: number,
  requests = REQUESTS,
): Promise<Turn[][]> {
  const turns = contenders.map((): Turn[] => []);
  for (const one of contenders) await turn(one, files[one.transport], WARM_UP);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, one] of contenders.entries()) turns[index]!.push(await turn(one, files[one.transport], requests[one.transport]));
  return turns;
}

import { isOtlpClass } from '../derive/connector.ts';
import { list } from '../derive/words.ts';
import type { RestList } from '../facts/index.ts';
import { PORTS } from '../../proto/vocabulary/connect.ts';
import { CONNECTOR_KEY } from '../../proto/vocabulary/keys.ts';

/** A port that cannot be had, and who has it, in words that follow `is`: `held by node (pid 33)`, `a port of otlp-b`. */
export type TakenPort = { port: number; by: string };
export type PortPair = { grpc: number; http: number };
export type PortProposal = PortPair & {
  environment: string;
  /** wanted first and taken */
  moved: TakenPort[];
};

/** Each environment a thousand above the one before. Source: runbook "Port Configuration". */
export const ENVIRONMENTS: readonly (PortPair & { environment: string })[] = [
  { environment: 'staging', grpc: PORTS.grpc + 1000, http: PORTS.http + 1000 },
  { environment: 'development', grpc: PORTS.grpc + 2000, http: PORTS.http + 2000 },
];

/** Pairs are tried ten apart, so that their last digit still tells gRPC from HTTP; below the ports that systems give away by themselves, if they begin there. */
const APART = 10;
const GIVEN_AWAY = 32_768;
const MOST = 65_536;

/** The first pair from `wanted` on of which both are free; null where there is none. */
export function freePair(wanted: PortPair, taken: readonly TakenPort[]): { pair: PortPair; moved: TakenPort[] } | null {
  const by = new Map(taken.map((one) => [one.port, one]));
  const moved: TakenPort[] = [];
  const highest = Math.max(wanted.grpc, wanted.http);
  const end = highest < GIVEN_AWAY ? GIVEN_AWAY : MOST;
  for (let more = 0; highest + more < end; more += APART) {
    const pair = { grpc: wanted.grpc + more, http: wanted.http + more };
    const inTheWay = [pair.grpc, pair.http].flatMap((port) => by.get(port) ?? []);
    if (inTheWay.length === 0) return { pair, moved };
    moved.push(...inTheWay);
  }
  return null;
}

/** Free pairs for further instances or environments, none of which gets in the way of another. */
export function proposePorts(wanted: readonly (PortPair & { environment: string })[], taken: readonly TakenPort[]): PortProposal[] {
  const all = [...taken];
  return wanted.flatMap(({ environment, ...first }) => {
    const found = freePair(first, all);
    if (found === null) return [];
    const { pair, moved } = found;
    all.push({ port: pair.grpc, by: `proposed for ${environment}` }, { port: pair.http, by: `proposed for ${environment}` });
    return [{ environment, ...pair, moved }];
  });
}

/** Ports that the connectors of one Connect are configured to have. Of others than this one every key that ends in `port` counts. */
export function portsOfConnectors(connectors: RestList): TakenPort[] {
  return Object.entries(connectors).flatMap(([name, { info }]) => {
    const ours = isOtlpClass(info.config['connector.class']) ? { ...portDefaults(), ...info.config } : info.config;
    return Object.entries(ours).flatMap(([key, value]) =>
      /(?:^|[._])port$/i.test(key) && /^[1-9]\d{0,4}$/.test(value) ? [{ port: Number(value), by: `a port of ${name} (${key})` }] : [],
    );
  });
}

const portDefaults = (): Record<string, string> =>
  Object.fromEntries(['otlp.grpc.port', 'otlp.http.port'].map((key) => [key, CONNECTOR_KEY.get(key)?.default ?? '']));

/** `5317 is held by node (pid 33)`; of many the first. */
export const movedText = (moved: readonly TakenPort[]): string =>
  moved.length === 0
    ? 'free'
    : `free; ${list(moved.slice(0, 2).map(({ port, by }) => `${port} is ${by}`))}${moved.length > 2 ? ', and more' : ''}`;

import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { BridgeSender, Json } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { excerpt } from './excerpt.ts';

/** A fact is bounded, whatever the other side holds. */
const MOST = 50;

/** `senders` of a bridge's metrics: a row a program, transport and signal. Nothing where an older bridge does not say; rows that we do not understand are left out. */
export function bridgeSenders(json: Json | undefined): BridgeSender[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const found = new Map<string | null, { requests: number; transports: Set<'grpc' | 'http'>; signals: Set<Signal> }>();
  for (const row of json) {
    if (!isObject(row)) continue;
    const { agent, transport, requests } = row;
    const signal = SIGNALS.find((one) => one === row['signal']);
    if (signal === undefined || (transport !== 'grpc' && transport !== 'http') || !Number.isSafeInteger(requests)) continue;
    if (agent !== null && typeof agent !== 'string') continue;
    const name = agent === null ? null : excerpt(agent);
    const sender = found.get(name) ?? { requests: 0, transports: new Set(), signals: new Set() };
    sender.requests += requests as number;
    sender.transports.add(transport);
    sender.signals.add(signal);
    found.set(name, sender);
  }
  return [...found]
    .map(([agent, { requests, transports, signals }]) => ({ agent, requests, transports: [...transports], signals: [...signals] }))
    .sort((a, b) => b.requests - a.requests)
    .slice(0, MOST);
}

import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { TRANSPORTS, type Transport } from '../intake/outcome.ts';

/** Requests of one program, as its User-Agent names it; null: it names none. */
export type AgentCount = { agent: string | null; transport: Transport; signal: Signal; requests: number };

export type Agents = {
  /** `agent`: User-Agent as it came; empty: none */
  note(agent: string, transport: Transport, signal: Signal): void;
  /** those that are not 0 */
  counts(): AgentCount[];
};

/** Programs that are told apart; the others are counted together, so that nobody fills memory by new names. */
const MOST_AGENTS = 32;
/** One program says its name in several ways, with the versions of what it is made of. */
const MOST_WORDINGS = 128;
/** A longer one is not kept: headers may have 16 KiB. */
const LONGEST_WORDING = 256;
const LONGEST_NAME = 80;
export const OTHER_AGENTS = 'other';

type Entry = { name: string } & Record<Transport, Record<Signal, number>>;
const zero = (): Record<Signal, number> => ({ traces: 0, metrics: 0, logs: 0 });
const entry = (name: string): Entry => ({ name, grpc: zero(), http: zero() });

/**
 * Up to the first version, or to a comment: SDKs put blanks into their names (`OTel OTLP Exporter Go/1.28.0`, `OpenTelemetry Collector Contrib/0.110.0 (linux/amd64)`).
 * Source: RFC 9110 section 10.1.5.
 */
const PRODUCT = /^[^/(]+(?:\/[^\s(/;,]+)?/;

/** In letters that harm nobody. */
const nameOf = (agent: string): string => {
  const plain = agent.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return (PRODUCT.exec(plain)?.[0] ?? plain).trim().slice(0, LONGEST_NAME);
};

/** Counts requests by who sent them: one look-up for each, once its wording is known. */
export function countAgents(): Agents {
  const wordings = new Map<string, Entry>();
  const agents = new Map<string, Entry>();
  const others = entry(OTHER_AGENTS);

  const newcomer = (agent: string): Entry => {
    if (agent.length > LONGEST_WORDING || wordings.size >= MOST_WORDINGS) return others;
    const name = nameOf(agent);
    const known = agents.get(name) ?? (agents.size < MOST_AGENTS ? entry(name) : others);
    if (known !== others) agents.set(name, known);
    wordings.set(agent, known);
    return known;
  };

  return {
    note(agent, transport, signal) {
      (wordings.get(agent) ?? newcomer(agent))[transport][signal] += 1;
    },
    counts: () =>
      [...agents.values(), others].flatMap((one) =>
        TRANSPORTS.flatMap((transport) =>
          SIGNALS.flatMap((signal) => {
            const requests = one[transport][signal];
            return requests === 0 ? [] : [{ agent: one.name === '' ? null : one.name, transport, signal, requests }];
          }),
        ),
      ),
  };
}

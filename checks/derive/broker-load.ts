import type { BrokerLoad } from '../plans/brokers.ts';
import { seen, type Facts } from '../facts/index.ts';

/** What a counter of the broker grew by in a second; null where it was not seen, began again, or was looked at once. */
export function brokerRate(facts: Facts, key: string): number | null {
  const samples = seen(facts, 'kafka.load')?.samples ?? [];
  const [first, last] = [samples[0], samples.at(-1)];
  const [before, now] = [first?.values[key], last?.values[key]];
  const spanMs = (last?.at ?? 0) - (first?.at ?? 0);
  return before === undefined || now === undefined || now < before || spanMs <= 0 ? null : ((now - before) / spanMs) * 1000;
}

/** What a broker carries, bytes a second over the window; null: not seen. */
export function brokerLoadOf(facts: Facts): BrokerLoad {
  const { handlerIdle = null, underReplicated = null } = seen(facts, 'kafka.load')?.samples.at(-1)?.values ?? {};
  // Its controller's handlers add to the ratio where a broker is a controller too. Source: Kafka, KIP-1207.
  const idle = handlerIdle === null ? null : Math.min(handlerIdle, 1);
  return { bytesIn: brokerRate(facts, 'bytesIn'), bytesOut: brokerRate(facts, 'bytesOut'), idle, underReplicated };
}

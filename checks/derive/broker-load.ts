import type { BrokerLoad } from '../plans/brokers.ts';
import { seen, type Facts } from '../facts/index.ts';

/** What a broker carries, bytes a second over the window: null where it was not seen, or at one end of the window only. */
export function brokerLoadOf(facts: Facts): BrokerLoad {
  const samples = seen(facts, 'kafka.load')?.samples ?? [];
  const [first, last] = [samples[0], samples.at(-1)];
  const perSecond = (key: string): number | null => {
    const [before, now] = [first?.values[key], last?.values[key]];
    const spanMs = (last?.at ?? 0) - (first?.at ?? 0);
    return before === undefined || now === undefined || now < before || spanMs <= 0 ? null : ((now - before) / spanMs) * 1000;
  };
  const { handlerIdle = null, underReplicated = null } = last?.values ?? {};
  // Its controller's handlers add to the ratio where a broker is a controller too. Source: Kafka, KIP-1207.
  const idle = handlerIdle === null ? null : Math.min(handlerIdle, 1);
  return { bytesIn: perSecond('bytesIn'), bytesOut: perSecond('bytesOut'), idle, underReplicated };
}

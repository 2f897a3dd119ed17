import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { connectorView } from './connector.ts';

/** Where a producer's setting comes from: connector, worker (its file), Connect (what it sets itself), Kafka (the client's default). */
export type ProducerSetting = { key: string; value: string; from: 'connector' | 'worker' | 'connect' | 'kafka' };

/** What Connect gives its producers, whatever Kafka's defaults are. Source: Kafka Connect 3.9 and 4.1, Worker.baseProducerConfigs. */
const BY_CONNECT: Readonly<Record<string, string>> = { acks: 'all', 'max.in.flight.requests.per.connection': '1' };
/** Defaults of the client. Source: Kafka, ProducerConfig; linger.ms is 5 since 4.0 (KIP-1030). */
const byKafka = (version: string | undefined): Readonly<Record<string, string | undefined>> => ({
  'linger.ms': version === undefined ? undefined : Number(version.split('.')[0]) >= 4 ? '5' : '0',
  'batch.size': '16384',
  'compression.type': 'none',
  'buffer.memory': '33554432',
  'max.request.size': '1048576',
});

/** What a setting is where neither the connector nor the worker's file says it; undefined where that depends on a version that is not known. */
export const unsaidOf = (facts: Facts, key: string): string | undefined =>
  BY_CONNECT[key] ?? byKafka(seen(facts, 'rest.root')?.version)[key];

/** Those that the runbook names (Issue 3, "Optimize Kafka producer") and those that bound a record and the buffer. */
const SHOWN = [
  'acks',
  'linger.ms',
  'batch.size',
  'compression.type',
  'max.request.size',
  'buffer.memory',
  'max.in.flight.requests.per.connection',
];

/** Settings in force, strongest source first; nothing where neither the worker's file nor the connector's word for each is known. */
export function producerSettings(facts: Facts): { settings: ProducerSetting[]; open: string[] } {
  const config = connectorView(facts).config ?? {};
  const file = seen(facts, 'host.worker-file');
  // None: the worker refuses every override.
  const overridable = file?.overridePolicy?.toLowerCase() !== 'none';
  const settings: ProducerSetting[] = [];
  const open: string[] = [];
  for (const key of SHOWN) {
    const own = overridable ? config[`producer.override.${key}`] : undefined;
    const value = own ?? file?.producer[key];
    if (own !== undefined) settings.push({ key, value: own, from: 'connector' });
    else if (value !== undefined) settings.push({ key, value, from: 'worker' });
    else {
      const unsaid = unsaidOf(facts, key);
      if (file === undefined || unsaid === undefined) open.push(key);
      else settings.push({ key, value: unsaid, from: BY_CONNECT[key] === undefined ? 'kafka' : 'connect' });
    }
  }
  return { settings, open };
}

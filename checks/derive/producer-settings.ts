import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { connectorView } from './connector.ts';

/** Where a producer's setting comes from: connector, worker (its file), Connect (what it sets itself), Kafka (the client's default). */
export type ProducerSetting = { key: string; value: string; from: 'connector' | 'worker' | 'connect' | 'kafka' };

/** What Connect gives its producers, whatever Kafka's defaults are. Source: Kafka Connect 3.9 and 4.1, Worker.baseProducerConfigs. */
const BY_CONNECT: Readonly<Record<string, string>> = { acks: 'all', 'max.in.flight.requests.per.connection': '1' };
/** Defaults of the client. Source: Kafka, ProducerConfig; linger.ms is 5 since 4.0 (KIP-1030). */
const byKafka = (version: string): Readonly<Record<string, string>> => ({
  'linger.ms': Number(version.split('.')[0]) >= 4 ? '5' : '0',
  'batch.size': '16384',
  'compression.type': 'none',
  'buffer.memory': '33554432',
  'max.request.size': '1048576',
});

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
  const defaults = byKafka(seen(facts, 'rest.root')?.version ?? '');
  // None: the worker refuses every override.
  const overridable = file?.overridePolicy?.toLowerCase() !== 'none';
  const settings: ProducerSetting[] = [];
  const open: string[] = [];
  for (const key of SHOWN) {
    const own = overridable ? config[`producer.override.${key}`] : undefined;
    const value = own ?? file?.producer[key];
    if (own !== undefined) settings.push({ key, value: own, from: 'connector' });
    else if (value !== undefined) settings.push({ key, value, from: 'worker' });
    else if (file === undefined) open.push(key);
    else if (BY_CONNECT[key] !== undefined) settings.push({ key, value: BY_CONNECT[key], from: 'connect' });
    else settings.push({ key, value: defaults[key] ?? '', from: 'kafka' });
  }
  return { settings, open };
}

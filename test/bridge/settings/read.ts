import { readSettings, type SettingsSource } from '../../../bridge/settings.ts';

/** Settings of a start, of which only this is said. */
export const read = (source: Partial<SettingsSource> = {}) =>
  readSettings({ set: [], portOffset: 0, env: { HOME: '/home/op' }, ...source });

/** A Kafka sink with a broker, and these of its keys. */
export const KAFKA = (...keys: string[]) => [
  'bridge.sink=kafka',
  'bridge.kafka.bootstrap.servers=a:1',
  ...keys.map((key) => `bridge.kafka.${key}`),
];

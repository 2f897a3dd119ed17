import { CONNECTOR_KEY } from '../../proto/vocabulary/keys.ts';
import { redactJson } from '../redact.ts';
import type { Config, Keys } from './judge-config.ts';

/** What changes between two configurations, and how that is said. */

/** The keys of `to` that differ from `from`, and those that only `from` has as null. */
export function differences(from: Config, to: Config): Record<string, string | null> {
  const keys = [...new Set([...Object.keys(to), ...Object.keys(from)])].filter((key) => key !== 'name' && from[key] !== to[key]);
  return Object.fromEntries(keys.map((key) => [key, to[key] ?? null]));
}

/** `from` with `keys` laid over it. */
export const laidOver = (from: Config, keys: Keys): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...from, ...keys }).filter((entry): entry is [string, string] => entry[1] !== null));

/** Source: Kafka Connect, `tasks.max`. */
const defaultValue = (key: string): string | undefined => (key === 'tasks.max' ? '1' : CONNECTOR_KEY.get(key)?.default);

const shown = (key: string, value: string): string => String((redactJson({ [key]: value }) as Record<string, string>)[key]);

/** `4317 (default)`, `14317`, `nothing` */
const valueOf = (key: string, value: string | null | undefined): string => {
  if (value !== null && value !== undefined) return value === '' ? '""' : shown(key, value);
  const fallback = defaultValue(key);
  return fallback === undefined ? 'nothing' : `${fallback} (default)`;
};

/** `otlp.message.queue.size 10000 (default) -> 50000` */
export const changeInWords = (key: string, from: string | null | undefined, to: string | null | undefined): string =>
  `${key} ${valueOf(key, from)} -> ${valueOf(key, to)}`;

/** What a PUT of `keys` alone takes away: keys of the live configuration that are not among them and have another value than their default. */
export const wouldReset = (live: Config, keys: Keys): string[] =>
  Object.keys(live)
    .filter((key) => !(key in keys) && key !== 'name' && key !== 'connector.class' && live[key] !== defaultValue(key))
    .map((key) => changeInWords(key, live[key], null));

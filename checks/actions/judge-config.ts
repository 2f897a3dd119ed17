import { invalidKeys } from '../derive/configuration.ts';
import { isOtlpClass } from '../derive/connector.ts';
import { nearNames } from '../derive/names.ts';
import { list } from '../derive/words.ts';
import { CONNECTOR_CLASS } from '../../proto/vocabulary/connect.ts';
import { CONNECTOR_KEY, CONNECTOR_KEYS } from '../../proto/vocabulary/keys.ts';

/** What can be said of a configuration before anybody is asked. */

export type Config = Readonly<Record<string, string>>;
export type Keys = Readonly<Record<string, string | null>>;

const OWN_NAMES = CONNECTOR_KEYS.map(({ name }) => name);
/** Keys below these are the connector's, and it has none but its own. */
const OWN = /^(?:otlp|kafka\.topic)\./;
/** As Connect's own table has them: what follows a name or is free. */
const OPEN =
  /^(?:transforms|predicates|key\.converter|value\.converter|header\.converter|producer\.override|consumer\.override|admin\.override|topic\.creation|errors|bridge)\./;

/** A key that nobody knows, as a sentence. `known`: every key that Connect says it has; null: it was not asked. */
export function unknownKey(keys: readonly string[], known: readonly string[] | null): string | undefined {
  const names = [...OWN_NAMES, ...(known ?? [])];
  for (const key of keys) {
    if (CONNECTOR_KEY.has(key) || known?.includes(key) === true) continue;
    const near = nearNames(key, names).slice(0, 2);
    const isOurs = OWN.test(key) || (known === null ? near.length > 0 && !OPEN.test(key) : !OPEN.test(key));
    if (!isOurs) continue;
    const meant = near.length === 0 ? '' : ` (did you mean ${list(near.map((name) => `"${name}"`)).replace(' and ', ' or ')}?)`;
    return `there is no key "${key}"${meant}`;
  }
  return undefined;
}

/** What the connector would not take, as a sentence. */
export function wrongValue(config: Config, kind: 'connector' | 'bridge' | 'unknown'): string | undefined {
  const invalid = invalidKeys(config, kind)[0];
  return invalid?.sentence;
}

/** A configuration of something else. */
export function wrongClass(config: Config): string | undefined {
  const given = config['connector.class'];
  if (given === undefined) return `connector.class is missing (it is ${CONNECTOR_CLASS})`;
  return isOtlpClass(given)
    ? undefined
    : `connector.class is ${given}, which is not the OpenTelemetry Source Connector (${CONNECTOR_CLASS})`;
}

import { CONNECTOR_KEYS } from '../../proto/vocabulary/keys.ts';
import type { ConfigKey } from '../../proto/vocabulary/keys.ts';

/** What the connector would not take in its configuration. A value that Connect resolves (`${file:…}`) cannot be judged from outside. */
export type InvalidKey = { key: string; value: string; sentence: string };

/** Port 0 lets the system choose, which the bridge allows and the connector does not. Source: contract, "The bridge". */
type Kind = 'connector' | 'bridge' | 'unknown';
const isFreePort = (key: ConfigKey, value: string, kind: Kind): boolean =>
  kind === 'bridge' && key.name.endsWith('.port') && value.trim() === '0';

const isReference = (value: string): boolean => /\$\{[^}]+\}/.test(value);

export function invalidKeys(config: Readonly<Record<string, string>>, kind: Kind = 'connector'): InvalidKey[] {
  const wrong = CONNECTOR_KEYS.flatMap((key) => {
    const value = config[key.name];
    const problem = value === undefined || isReference(value) || isFreePort(key, value, kind) ? undefined : problemOf(key, value);
    return value === undefined || problem === undefined ? [] : [{ key: key.name, value, sentence: `${key.name} is ${value}, ${problem}` }];
  });
  return bothOff(config)
    ? [
        ...wrong,
        {
          key: 'otlp.grpc.enabled',
          value: 'false',
          sentence: 'both receivers are switched off (otlp.grpc.enabled and otlp.http.enabled are false)',
        },
      ]
    : wrong;
}

export const isOff = (config: Readonly<Record<string, string>>, transport: 'grpc' | 'http'): boolean =>
  config[`otlp.${transport}.enabled`]?.trim().toLowerCase() === 'false';
export const bothOff = (config: Readonly<Record<string, string>>): boolean => isOff(config, 'grpc') && isOff(config, 'http');

function problemOf(key: ConfigKey, value: string): string | undefined {
  const text = value.trim();
  if (key.type === 'boolean') return /^(true|false)$/i.test(text) ? undefined : 'not true or false';
  if (key.type === 'choice')
    return key.values?.includes(text.toLowerCase()) === true ? undefined : `not one of ${key.values?.join(', ') ?? ''}`;
  if (key.type !== 'int') return undefined;
  const number = Number(text);
  const [min, max] = [key.min ?? -Infinity, key.max ?? Infinity];
  return /^[+-]?\d+$/.test(text) && number >= min && number <= max ? undefined : `not a whole number from ${min} to ${max}`;
}

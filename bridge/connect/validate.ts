import { CONNECTOR_CLASS, CONNECTOR_VERSION } from '../../proto/vocabulary/connect.ts';
import { CONNECTOR_KEY } from '../../proto/vocabulary/keys.ts';
import { RECEIVER_KEY } from '../settings/keys.ts';
import type { SettingKey } from '../settings/setting-key.ts';
import { faultOf, type Fault } from '../settings/value.ts';
import { frameworkDefinitions, receiverDefinitions, type Definition } from './definitions.ts';
import { FRAMEWORK_KEY } from './framework-keys.ts';
import type { ConnectVersion } from './versions.ts';

export type ConnectorConfig = Readonly<Record<string, string>>;
export type ConfigValue = { name: string; value: string | null; recommended_values: string[]; errors: string[]; visible: boolean };
export type Validation = { name: string; error_count: number; groups: string[]; configs: { definition: Definition; value: ConfigValue }[] };

/** The forms in which Connect takes a class: whole, simple, and simple without the suffix. */
const CLASS_NAMES = [CONNECTOR_CLASS, 'OpenTelemetrySourceConnector', 'OpenTelemetrySource'];
export const isOurClass = (name: string): boolean => CLASS_NAMES.includes(name);

/** Connect's wording of what is wrong with a value: the words that scripts and people search for. */
const MESSAGE: Readonly<Record<Fault, (key: SettingKey, value: string) => string>> = {
  'not-a-number': () => 'Not a number of type INT',
  below: (key) => `Value must be at least ${key.min}`,
  above: (key) => `Value must be no more than ${key.max}`,
  'not-a-boolean': () => 'Expected value to be either true or false',
  // The connector's words, though the bridge knows one format more.
  'not-a-choice': ({ name, values }, value) =>
    `Message format must be '${(CONNECTOR_KEY.get(name)?.values ?? values!).join("' or '")}', got: ${value}`,
  empty: () => 'String must be non-empty',
  'no-such-file': (_key, value) => `File does not exist: ${value}`,
  'not-a-file': (_key, value) => `Path is not a file: ${value}`,
  unreadable: (_key, value) => `File is not readable: ${value}`,
  'not-a-topic': () => 'Not a legal topic name: 1 to 249 of letters, digits, ".", "_" and "-"',
};

const invalid = (name: string, value: string | null, reason: string) => `Invalid value ${value} for configuration ${name}: ${reason}`;

/** Faults of one receiver key, worded as Connect does; a number that is none counts twice, as there. */
export function receiverErrors(name: string, value: string): string[] {
  const key = RECEIVER_KEY.get(name);
  const fault = key ? faultOf(key, value.trim()) : null;
  if (!key || !fault) return [];
  const first = invalid(name, value, MESSAGE[fault](key, value));
  return fault === 'not-a-number' ? [first, invalid(name, null, 'Value must be non-null')] : [first];
}

const CONTROL = /[\u0000-\u001f\u007f]/g;

function nameErrors(name: string | undefined): string[] {
  if (name === undefined) return ['Missing required configuration "name" which has no default value.'];
  if (name.trim() === '') return [invalid('name', name.trim(), 'String may not be empty')];
  const control = [...name.matchAll(CONTROL)].map(([character]) => character.charCodeAt(0));
  return control.length > 0
    ? [invalid('name', name, `String may not contain control sequences but had the following ASCII chars: ${control.join(', ')}`)]
    : [];
}

const NUMBER = /^[+-]?\d{1,15}$/;

/** Faults of one of Connect's own keys. A number that is none counts twice where the key has a range. */
function frameworkErrors(name: string, value: string): string[] {
  const { type, min, values } = FRAMEWORK_KEY.get(name) ?? {};
  const text = value.trim();
  if ((type === 'INT' || type === 'LONG') && !NUMBER.test(text))
    return [
      invalid(name, value, `Not a number of type ${type}`),
      ...(min === undefined ? [] : [invalid(name, null, 'Value must be non-null')]),
    ];
  if (min !== undefined && Number(text) < min) return [invalid(name, value, `Value must be at least ${min}`)];
  if (type === 'BOOLEAN' && !/^(true|false)$/i.test(text)) return [invalid(name, value, 'Expected value to be either true or false')];
  const anyCase = values?.every((word) => word === word.toUpperCase()) ?? false;
  return values && !values.includes(anyCase ? text.toUpperCase() : text)
    ? [invalid(name, value, `String must be one of${anyCase ? ' (case insensitive)' : ''}: ${values.join(', ')}`)]
    : [];
}

function errorsOf(name: string, config: ConnectorConfig): string[] {
  const value = config[name];
  if (name === 'name') return nameErrors(value);
  if (value === undefined) return [];
  return FRAMEWORK_KEY.has(name) ? frameworkErrors(name, value) : receiverErrors(name, value);
}

/** What could not be read has no value. Source: Kafka, ConfigDef.parseType. */
const UNREADABLE = /: (Not a number of type|Expected value to be either true or false)/;

/** Versions of a plug-in that are installed. */
const RECOMMENDED: Readonly<Record<string, string[]>> = { 'connector.plugin.version': [CONNECTOR_VERSION] };

/** Every key judged, in the order of Connect's answer to `PUT …/config/validate`. Keys that nobody defines are ignored, as there. */
export function validate(config: ConnectorConfig, version: ConnectVersion): Validation {
  const definitions = [...frameworkDefinitions(version), ...receiverDefinitions()];
  const configs = definitions.map((definition) => {
    const { name } = definition;
    const errors = errorsOf(name, config);
    const value = errors.some((error) => UNREADABLE.test(error)) ? null : (config[name] ?? definition.default_value);
    return { definition, value: { name, value, recommended_values: RECOMMENDED[name] ?? [], errors, visible: true } };
  });
  return {
    name: config['connector.class'] ?? CONNECTOR_CLASS,
    error_count: configs.reduce((sum, { value }) => sum + value.errors.length, 0),
    groups: [...new Set(definitions.flatMap(({ group }) => group ?? []))],
    configs,
  };
}

/** All errors of a configuration as one message, or nothing. */
export function configurationError(config: ConnectorConfig, version: ConnectVersion): string | null {
  const errors = validate(config, version).configs.flatMap(({ value }) => value.errors);
  if (errors.length === 0) return null;
  return [
    `Connector configuration is invalid and contains the following ${errors.length} error(s):`,
    ...errors,
    'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  ].join('\n');
}

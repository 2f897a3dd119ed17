import { accessSync, constants, statSync } from 'node:fs';
import type { SettingKey } from './setting-key.ts';

/** What is wrong with a value, without a wording: Connect and the command line each have their own. */
export type Fault =
  | 'not-a-number'
  | 'below'
  | 'above'
  | 'not-a-boolean'
  | 'not-a-choice'
  | 'empty'
  | 'no-such-file'
  | 'not-a-file'
  | 'unreadable'
  | 'not-a-topic';

/** Digits only: neither `1e3`, `0x10`, ` 7` nor `7.0` is a number here. */
const INTEGER = /^[+-]?\d{1,15}$/;
const DECIMAL = /^\d{1,9}(\.\d{1,6})?$/;
/** Legal topic names. Source: Kafka, org.apache.kafka.common.internals.Topic. */
const TOPIC = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;

function fileFault(path: string): Fault | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 'no-such-file';
  if (!found.isFile()) return 'not-a-file';
  try {
    accessSync(path, constants.R_OK);
    return null;
  } catch {
    return 'unreadable';
  }
}

const rangeFault = (key: SettingKey, value: number): Fault | null =>
  key.min !== undefined && value < key.min ? 'below' : key.max !== undefined && value > key.max ? 'above' : null;

const JUDGES: Readonly<Record<SettingKey['type'], (key: SettingKey, text: string) => Fault | null>> = {
  boolean: (_key, text) => (/^(true|false)$/i.test(text) ? null : 'not-a-boolean'),
  int: (key, text) => (INTEGER.test(text) ? rangeFault(key, Number(text)) : 'not-a-number'),
  decimal: (key, text) => (DECIMAL.test(text) ? rangeFault(key, Number(text)) : 'not-a-number'),
  choice: (key, text) => (key.values?.includes(text.toLowerCase()) ? null : 'not-a-choice'),
  string: (_key, text) => (text.trim() === '' ? 'empty' : null),
  file: (_key, text) => (text === '' ? 'empty' : fileFault(text)),
  topic: (_key, text) => (TOPIC.test(text) ? null : 'not-a-topic'),
};

/** What is wrong with this value of this key, or nothing. */
export const faultOf = (key: SettingKey, text: string): Fault | null => JUDGES[key.type](key, text);

const grouped = (number: number) => number.toLocaleString('en-US', { maximumFractionDigits: 3 });
const range = (key: SettingKey) => `${grouped(key.min ?? 0)} to ${grouped(key.max ?? Number.MAX_SAFE_INTEGER)}`;

/** One clause for a person: what the key takes. */
export const SENTENCE: Readonly<Record<Fault, (key: SettingKey) => string>> = {
  'not-a-number': (key) => `is not a ${key.type === 'int' ? 'whole ' : ''}number (give ${range(key)})`,
  below: (key) => `is out of range (give ${range(key)})`,
  above: (key) => `is out of range (give ${range(key)})`,
  'not-a-boolean': () => 'is neither true nor false',
  'not-a-choice': (key) => `is not one of ${key.values!.join(', ')}`,
  empty: () => 'is empty',
  'no-such-file': () => 'names a file that does not exist',
  'not-a-file': () => 'names something that is not a file',
  unreadable: () => 'names a file that this process may not read',
  'not-a-topic': () => 'is not a legal topic name (1 to 249 of letters, digits, ".", "_" and "-")',
};

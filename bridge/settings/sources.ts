import { readFileSync } from 'node:fs';
import { jsonFault } from '../../proto/json-fault.ts';
import { badInput } from './bad-input.ts';
import { isObject } from '../is-object.ts';
import { systemWords } from '../system-words.ts';

/** One key as it was given, and where: for messages. */
export type Entry = { key: string; value: string; where: string };

function scalar(key: string, value: unknown, where: string): Entry {
  if (typeof value === 'string') return { key, value, where };
  if (typeof value === 'boolean' || typeof value === 'number') return { key, value: String(value), where };
  throw badInput(`${where}: ${key} is ${value === null ? 'null' : 'a list or an object'}, and a key has one text, number or true or false`);
}

const entriesOf = (values: Record<string, unknown>, where: string): Entry[] =>
  Object.entries(values).map(([key, value]) => scalar(key, value, where));

/**
 * Keys of a configuration file: flat, or as `{ "name", "config" }` the way a connector is deployed.
 * Throws bad input with the file, and for JSON that is none the line and column.
 */
export function fileEntries(file: string, text: string): Entry[] {
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '') throw badInput(`${file} is empty: give { "key": "value" } or { "name", "config" }`);
  const fault = jsonFault(json);
  if (fault) throw badInput(`${file} is not JSON: ${fault.where}: ${fault.why}`);
  const parsed = JSON.parse(json) as unknown;
  if (!isObject(parsed)) throw badInput(`${file} holds no JSON object: give { "key": "value" } or { "name", "config" }`);
  const { config, ...rest } = parsed;
  if (config === undefined) return entriesOf(rest, file);
  if (!isObject(config)) throw badInput(`${file}: config is not an object of keys`);
  return [...entriesOf(rest, file), ...entriesOf(config, file)];
}

/** `--set key=value`; the value may hold further `=`. */
export function setEntry(text: string): Entry {
  const at = text.indexOf('=');
  if (at < 1) throw badInput(`--set ${text} has no value: write --set key=value`);
  return { key: text.slice(0, at).trim(), value: text.slice(at + 1), where: '--set' };
}

/** Everything given, in order: the file, then --set; the last word on a key stands. */
export function readEntries(source: { configFile?: string | undefined; set: readonly string[] }): Entry[] {
  const entries: Entry[] = [];
  if (source.configFile !== undefined) {
    let text: string;
    try {
      text = readFileSync(source.configFile, 'utf8');
    } catch (error) {
      throw badInput(`--config ${source.configFile} cannot be read: ${systemWords(error)}`);
    }
    entries.push(...fileEntries(source.configFile, text));
  }
  entries.push(...source.set.map(setEntry));
  return [...new Map(entries.map((entry) => [entry.key, entry])).values()];
}

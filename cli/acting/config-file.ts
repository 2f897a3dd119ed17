import { readFileSync, statSync } from 'node:fs';
import { bytes } from '../../checks/derive/words.ts';
import { isObject } from '../../checks/facts/index.ts';
import { jsonFault } from '../../proto/json-fault.ts';
import { badInput } from '../bad-input.ts';
import { errnoWords } from '../errno-words.ts';

/** A configuration from a file: what Connect takes, `{"name": …, "config": {…}}`, or the configuration alone. `name`: null where it has none. */
export type ConfigFile = { name: string | null; config: Record<string, string> };

/** A thousand times what any connector needs. */
const MOST_BYTES = 1024 * 1024;

function textOf(file: string): string {
  try {
    const found = statSync(file);
    if (found.isDirectory()) throw badInput(`${file} is a folder: name the file with the configuration`);
    if (!found.isFile()) throw badInput(`${file} is no file`);
    if (found.size > MOST_BYTES)
      throw badInput(`${file} has ${bytes(found.size)}, and no configuration has more than ${bytes(MOST_BYTES)}`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'bad-input' ? error : badInput(`${file} cannot be read: ${errnoWords(error)}`);
  }
}

/** JSON, or one sentence that says where it is none. */
export function parseJson(text: string, file: string): unknown {
  if (text.trim() === '') throw badInput(`${file} is empty: it has no configuration`);
  const json = text.replace(/^\uFEFF/, '');
  const fault = jsonFault(json);
  if (fault) throw badInput(`${file} ${fault.where}: not JSON (${fault.why})`);
  return JSON.parse(json);
}

/** Connect keeps texts; numbers and switches in a file are meant as such. */
function settingsOf(object: Record<string, unknown>, file: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      if (typeof value === 'string') return [key, value];
      if (typeof value === 'number' || typeof value === 'boolean') return [key, String(value)];
      throw badInput(
        `${file}: ${key} is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object'}, and every value is a text`,
      );
    }),
  );
}

export function configFrom(json: unknown, file: string): ConfigFile {
  if (!isObject(json)) throw badInput(`${file} is JSON, but no object with the keys of a configuration`);
  const { name, config } = json;
  const isWrapped = isObject(config);
  if (isWrapped && typeof name !== 'string') throw badInput(`${file} has a config and no name beside it`);
  const settings = settingsOf(isWrapped ? config : json, file);
  if (Object.keys(settings).length === 0) throw badInput(`${file} has a configuration without a key`);
  const given = isWrapped ? (name as string) : (settings['name'] ?? null);
  return { name: given, config: settings };
}

export const readConfigFile = (file: string): ConfigFile => configFrom(parseJson(textOf(file), file), file);

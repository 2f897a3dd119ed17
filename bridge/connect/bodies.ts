import { WANTED_STATES, type StoredOffset, type Wanted } from '../state/stored.ts';
import { connectError } from './errors.ts';
import { isObject } from '../is-object.ts';

type Json = Record<string, unknown>;

/** A body as an object. Connect answers 500 to what its JSON reader refuses, so does this. */
export function objectBody(text: string): Json {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw connectError(500, `The body is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(parsed))
    throw connectError(500, `The body is ${Array.isArray(parsed) ? 'a list' : 'no object'}, and an object is expected`);
  return parsed;
}

/** Keys with a text, number or boolean each, as text; null stays null. */
export function keysOf(values: Json): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (value !== null && typeof value === 'object')
        throw connectError(500, `The value of ${key} is ${Array.isArray(value) ? 'a list' : 'an object'}, and a text is expected`);
      return [key, value === null ? null : String(value)];
    }),
  );
}

/** A whole configuration: a key that is null is a key that is not there. */
export const configOf = (values: Json): Record<string, string> =>
  Object.fromEntries(Object.entries(keysOf(values)).filter((entry): entry is [string, string] => entry[1] !== null));

const CREATION = ['name', 'config', 'initial_state'] as const;
const OFFSETS = ['offsets'] as const;

/** Connect refuses fields that it does not know, so that a misspelt one does not go unnoticed. */
function onlyFields(body: Json, known: readonly string[]): Json {
  const strange = Object.keys(body).find((field) => !known.includes(field));
  if (strange !== undefined) throw connectError(500, `Unrecognized field "${strange}": this takes ${known.join(', ')}`);
  return body;
}

/** Body of `POST /connectors`: name, config and, since KIP-980, the state to begin in. */
export function creation(text: string): { name: string; config: Record<string, string>; wanted: Wanted } {
  const { name = '', config, initial_state: state = 'RUNNING' } = onlyFields(objectBody(text), CREATION);
  if (isObject(name) || Array.isArray(name)) throw connectError(500, 'The name is not a text');
  if (!isObject(config)) throw connectError(500, config === undefined ? 'The config is missing' : 'The config is no object');
  const wanted = WANTED_STATES.find((known) => known === String(state ?? 'RUNNING').toUpperCase());
  if (!wanted) throw connectError(500, `The initial_state ${String(state)} is none of ${WANTED_STATES.join(', ')}`);
  return { name: String(name ?? '').trim(), config: configOf(config), wanted };
}

const objectOrNull = (value: unknown, what: string): Json | null => {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw connectError(500, `The ${what} is no object`);
  return value;
};

/** Body of `PATCH /connectors/{name}/offsets`. */
export function offsetChanges(text: string): StoredOffset[] {
  const { offsets = null } = onlyFields(objectBody(text), OFFSETS);
  if (offsets !== null && !Array.isArray(offsets)) throw connectError(500, 'The offsets are no list');
  if (offsets === null || offsets.length === 0)
    throw connectError(400, 'Partitions / offsets need to be provided for an alter offsets request');
  return offsets.map((one: unknown) => {
    const { partition, offset } = objectOrNull(one, 'entry of the offsets') ?? {};
    return { partition: objectOrNull(partition, 'partition'), offset: objectOrNull(offset, 'offset') };
  });
}

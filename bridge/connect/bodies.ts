import { WANTED_STATES, type Wanted } from '../state/stored.ts';
import { connectError } from './errors.ts';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

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

/** Body of `POST /connectors`: name, config and, since KIP-980, the state to begin in. */
export function creation(text: string): { name: string; config: Record<string, string>; wanted: Wanted } {
  const { name = '', config = {}, initial_state: state = 'RUNNING' } = objectBody(text);
  if (typeof name !== 'string') throw connectError(500, 'The name is not a text');
  if (!isObject(config)) throw connectError(500, 'The config is no object');
  const wanted = WANTED_STATES.find((known) => known === String(state).toUpperCase());
  if (!wanted) throw connectError(400, `The initial_state ${String(state)} is none of ${WANTED_STATES.join(', ')}`);
  return { name, config: configOf(config), wanted };
}

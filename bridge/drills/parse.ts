import { drillFault, type Begin, type Drill } from './drill.ts';
import { METRICS } from './metrics.ts';
import { RECV } from './recv.ts';
import { REST } from './rest.ts';
import { SINK } from './sink.ts';
import { STATE } from './state.ts';

/** Every drill there is, by family. One of a family can be on at a time. */
export const FAMILIES: Readonly<Record<string, readonly Drill[]>> = { rest: REST, state: STATE, recv: RECV, sink: SINK, metrics: METRICS };

export const ALL: readonly Drill[] = Object.values(FAMILIES).flat();

export type Chosen = { text: string; family: string; drill: Drill; begin: Begin };

const forms = (drills: readonly Drill[]): string => drills.map(({ form }) => form).join(', ');

/** Reads a drill as it is written. Throws a drill fault with one sentence that lists what there is. */
export function readDrill(text: string): Chosen {
  const colon = text.indexOf(':');
  const family = text.slice(0, Math.max(0, colon));
  const drills = Object.hasOwn(FAMILIES, family) ? FAMILIES[family]! : null;
  for (const drill of drills ?? []) {
    const begin = drill.read(text.slice(colon + 1));
    if (begin !== null) return { text, family, drill, begin };
  }
  throw drillFault(`there is no drill ${JSON.stringify(text)}: give ${forms(drills ?? ALL)}`);
}

const MOST_SECONDS = 86_400;

export type Order = { chosen: readonly Chosen[]; forSeconds: number | null };

/** Reads the body of PUT /drills: `{"drill": TEXT or [TEXT, …], "forSeconds": N}`. */
export function readOrder(body: string): Order {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = null;
  }
  const { drill, forSeconds = null, ...others } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const texts: unknown[] = Array.isArray(drill) ? drill : [drill];
  if (texts.length === 0 || !texts.every((text): text is string => typeof text === 'string') || Object.keys(others).length > 0)
    throw drillFault('the body is not { "drill": "rest:401" }, with a list for several and forSeconds for an end: DELETE ends all');
  if (forSeconds !== null && !(typeof forSeconds === 'number' && forSeconds > 0 && forSeconds <= MOST_SECONDS))
    throw drillFault(`forSeconds is not a number above 0 and up to ${MOST_SECONDS}`);
  const chosen = texts.map(readDrill);
  const twice = chosen.find(({ family }, index) => chosen.findIndex((one) => one.family === family) !== index);
  if (twice) throw drillFault(`two drills of ${twice.family} at once: give one a family`);
  const locked = chosen.find(({ drill: { locksOut } }) => locksOut);
  if (locked && forSeconds === null)
    throw drillFault(`${locked.text} closes the port that it would be ended over: give forSeconds with it`);
  return { chosen, forSeconds };
}

/** A JMX object name, `domain:key=value,…`; values as they stand there, quotes included. Source: javax.management.ObjectName. */
export type ObjectName = { domain: string; properties: ReadonlyMap<string, string>; openEnded: boolean };

const PROPERTY = /([^=,:*?]+)=("(?:[^"\\]|\\.)*"|[^,="]*)(?:,|$)/y;
const OPEN_END = /\*(?:,|$)/y;

/** Null where the text is no object name. `*` among the properties stands for any others. */
export function parseObjectName(text: string): ObjectName | null {
  const colon = text.indexOf(':');
  if (colon < 0 || colon === text.length - 1) return null;
  const properties = new Map<string, string>();
  let openEnded = false;
  let at = colon + 1;
  while (at < text.length) {
    PROPERTY.lastIndex = OPEN_END.lastIndex = at;
    const property = PROPERTY.exec(text);
    const found = property ?? (openEnded ? null : OPEN_END.exec(text));
    if (!found) return null;
    if (property) properties.set(property[1]!, property[2]!);
    else openEnded = true;
    at += found[0].length;
  }
  return { domain: text.slice(0, colon), properties, openEnded };
}

/** ObjectName.quote. */
export const quote = (value: string): string => `"${value.replace(/["\\*?]/g, '\\$&').replaceAll('\n', '\\n')}"`;

const isQuoted = (value: string) => value.startsWith('"');
/** `*` and `?` that stand for something; within quotes a backslash makes them plain. */
const hasWildcard = (value: string) => /[*?]/.test(isQuoted(value) ? value.replace(/\\./gs, '') : value);

export const isPattern = ({ domain, properties, openEnded }: ObjectName): boolean =>
  openEnded || hasWildcard(domain) || [...properties.values()].some(hasWildcard);

/**
 * Compared without a regular expression: patterns come from outside, and one of many `*` must not take for ever.
 * `tokens` are characters, escaped ones together with their backslash.
 */
function matchesText(pattern: string, text: string): boolean {
  const tokens = (value: string) => (isQuoted(value) ? (value.match(/\\.|[^\\]/gs) ?? []) : [...value]);
  const [wanted, given] = [tokens(pattern), tokens(text)];
  let [at, here, star, kept] = [0, 0, -1, 0];
  while (here < given.length) {
    if (wanted[at] === '*') [star, kept, at] = [at, here, at + 1];
    else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[here])) [at, here] = [at + 1, here + 1];
    else if (star >= 0) [at, here, kept] = [star + 1, kept + 1, kept + 1];
    else return false;
  }
  return wanted.slice(at).every((token) => token === '*');
}

/** Whether a name is the one that is asked for, or one of those that a pattern stands for. The order of the properties is nothing. */
export const matches = (wanted: ObjectName, name: ObjectName): boolean =>
  matchesText(wanted.domain, name.domain) &&
  (wanted.openEnded || wanted.properties.size === name.properties.size) &&
  [...wanted.properties].every(([key, value]) => name.properties.has(key) && matchesText(value, name.properties.get(key)!));

/** Properties by their names, as Jolokia names a bean in a refusal. */
export const canonical = ({ domain, properties, openEnded }: ObjectName): string =>
  `${domain}:${[...[...properties].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`), ...(openEnded ? ['*'] : [])].join(',')}`;

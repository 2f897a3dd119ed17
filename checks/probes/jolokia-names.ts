/** JMX object names: `domain:key=value,key="quoted value"`. Names are compared by their properties: agents order them differently. */
export type ObjectName = { domain: string; properties: Readonly<Record<string, string>> };

const PROPERTY = /([^=,]+)=("(?:[^"\\]|\\.)*"|[^,"]*)(?:,|$)/y;

/** Nothing where the text is no object name. Values are unquoted. Source: javax.management.ObjectName. */
export function parseObjectName(text: string): ObjectName | undefined {
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const properties: Record<string, string> = {};
  let at = colon + 1;
  while (at < text.length) {
    PROPERTY.lastIndex = at;
    const found = PROPERTY.exec(text);
    if (found === null) return undefined;
    properties[found[1] ?? ''] = unquote(found[2] ?? '');
    at += found[0].length;
  }
  return { domain: text.slice(0, colon), properties };
}

/** Undoes ObjectName.quote; an unquoted value stays as it is. */
export function unquote(value: string): string {
  if (!value.startsWith('"') || !value.endsWith('"') || value.length < 2) return value;
  return value.slice(1, -1).replace(/\\(.)/gs, (_all, character: string) => (character === 'n' ? '\n' : character));
}

/** ObjectName.quote. */
export const quote = (value: string): string => `"${value.replace(/["\\*?]/g, '\\$&').replace(/\n/g, '\\n')}"`;

/** As Kafka writes a value into the names of its own metrics: quoted only where it must be. Source: Kafka, common/utils/Sanitizer.jmxSanitize. */
export const kafkaValue = (value: string): string => (/^[\w\-%. \t]*$/.test(value) ? value : quote(value));

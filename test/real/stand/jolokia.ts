import type { Json } from '../../../checks/facts/index.ts';

/** Attribute values as Jolokia wrote them, numbers as text, because `0` and `0.0` are different types in JMX. */
export type Bean = { objectName: string; attributes: Record<string, string> };

type Source = { source?: string };

/** JSON with every number kept as the text it was written as. */
export const numbersAsText = (text: string): Json =>
  JSON.parse(text, ((_key: string, value: unknown, context?: Source) => (typeof value === 'number' ? context?.source : value)) as (
    key: string,
    value: unknown,
  ) => unknown) as Json;

/** The beans that a pattern names; none when nothing is registered under it. */
export async function readBeans(jolokiaUrl: string, pattern: string): Promise<Bean[]> {
  const answer = await fetch(jolokiaUrl, { method: 'POST', body: JSON.stringify({ type: 'read', mbean: pattern }) });
  return beansOf(numbersAsText(await answer.text()));
}

/** Jolokia answers a read of a pattern by name, and a read of one name without it. */
export function beansOf(reply: Json): Bean[] {
  const { value, request } = reply as { value?: Record<string, Record<string, string>>; request: { mbean: string } };
  if (value === undefined) return [];
  if (!request.mbean.includes('*')) return [{ objectName: request.mbean, attributes: value as unknown as Record<string, string> }];
  return Object.entries(value).map(([objectName, attributes]) => ({ objectName, attributes }));
}

import type { Fact, FactId, Facts, Json } from '../facts/index.ts';
import { isFailed, isSeen } from '../facts/index.ts';
import type { Evidence } from '../report.ts';
import { oneLine } from './words.ts';

/** Quotes a fact: the value at `path` (dots between keys), or how the look failed. */
export function quote(facts: Facts, id: FactId, path = '', value?: Json): Evidence {
  const fact = facts[id] as Fact<unknown>;
  return { fact: id, path, value: value ?? found(fact, path), source: fact.source, at: new Date(fact.at).toISOString() };
}

function found(fact: Fact<unknown>, path: string): Json {
  if (isFailed(fact)) return fact.status === undefined ? `${fact.failure}: ${fact.detail}` : `HTTP ${fact.status}: ${fact.detail}`;
  if (!isSeen(fact)) return fact.reason;
  const keys = path === '' ? [] : path.split('.');
  const value = keys.reduce<unknown>(
    (at, key) => (at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[key] : undefined),
    fact.value,
  );
  if (typeof value === 'string') return oneLine(value, 400);
  return value === undefined ? null : (value as Json);
}

/** The evidence of several, without those that say nothing. */
export const evidenceOf = (...parts: readonly (Evidence | undefined | false)[]): Evidence[] =>
  parts.filter((part): part is Evidence => part !== undefined && part !== false);

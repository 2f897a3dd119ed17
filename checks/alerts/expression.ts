/**
 * What an alert asks, as data: made into PromQL for a rule file (promql.ts) and evaluated over samples for a live look (evaluate.ts), so that both ask the same.
 * Attributes are the runbook's names; every range is that of the alert.
 */
export type Term =
  | { kind: 'number'; value: number }
  /** the newest value */
  | { kind: 'value'; attribute: string }
  /** how much a counter grew over the range */
  | { kind: 'increase'; attribute: string }
  /** the same a second */
  | { kind: 'rate'; attribute: string }
  | { kind: 'calc'; sign: '+' | '-' | '*' | '/'; left: Term; right: Term }
  /** 1 where the term is above 0, else 0 */
  | { kind: 'isSome'; term: Term }
  | { kind: 'atLeast'; term: Term; least: number };

export type Comparison = { kind: 'compare'; left: Term; is: '>' | '<'; right: Term };

export type Condition =
  | Comparison
  /** counters that did not grow over the range; with `before`, only where the sum of these is above 0 */
  | { kind: 'still'; attributes: readonly string[]; before: readonly string[] }
  | { kind: 'all'; of: readonly [Condition, ...Condition[]] }
  | { kind: 'any'; of: readonly [Condition, ...Condition[]] }
  /** one of these is not there */
  | { kind: 'absent'; attributes: readonly string[] };

export const number = (value: number): Term => ({ kind: 'number', value });
export const value = (attribute: string): Term => ({ kind: 'value', attribute });
export const increase = (attribute: string): Term => ({ kind: 'increase', attribute });
export const rate = (attribute: string): Term => ({ kind: 'rate', attribute });
export const isSome = (term: Term): Term => ({ kind: 'isSome', term });
export const atLeast = (term: Term, least: number): Term => ({ kind: 'atLeast', term, least });

const calc =
  (sign: '+' | '-' | '*' | '/') =>
  (left: Term, right: Term): Term => ({ kind: 'calc', sign, left, right });
export const minus = calc('-');
export const times = calc('*');
export const per = calc('/');
export const plus = (terms: readonly Term[]): Term => terms.reduce(calc('+'));

export const above = (left: Term, right: Term): Comparison => ({ kind: 'compare', left, is: '>', right });
export const below = (left: Term, right: Term): Comparison => ({ kind: 'compare', left, is: '<', right });

function attributesOfTerm(term: Term): string[] {
  switch (term.kind) {
    case 'number':
      return [];
    case 'value':
    case 'increase':
    case 'rate':
      return [term.attribute];
    case 'calc':
      return [...attributesOfTerm(term.left), ...attributesOfTerm(term.right)];
    case 'isSome':
    case 'atLeast':
      return attributesOfTerm(term.term);
  }
}

/** Every attribute that a condition reads, once. */
export function attributesOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'compare':
      return [...new Set([...attributesOfTerm(condition.left), ...attributesOfTerm(condition.right)])];
    case 'still':
      return [...new Set([...condition.attributes, ...condition.before])];
    case 'absent':
      return [...condition.attributes];
    case 'all':
    case 'any':
      return [...new Set(condition.of.flatMap(attributesOf))];
  }
}

const isTermOverRange = (term: Term): boolean =>
  term.kind === 'increase' ||
  term.kind === 'rate' ||
  (term.kind === 'calc' && (isTermOverRange(term.left) || isTermOverRange(term.right))) ||
  ((term.kind === 'isSome' || term.kind === 'atLeast') && isTermOverRange(term.term));

/** Its value, the first term, is one over the range, and not that of one moment. */
export function isOverRange(condition: Condition): boolean {
  switch (condition.kind) {
    case 'compare':
      return isTermOverRange(condition.left);
    case 'still':
      return true;
    case 'absent':
      return false;
    case 'all':
    case 'any':
      return isOverRange(condition.of[0]);
  }
}

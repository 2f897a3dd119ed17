import type { Condition, Term } from './expression.ts';

/** What a series is called: `otlp_TracesReceived{connector_name="otlp-source"}`. */
export type SeriesOf = (attribute: string) => string;

/** `90` → `90s`, `300` → `5m`. Source: Prometheus, "Time durations". */
export const promDuration = (seconds: number): string =>
  Number.isInteger(seconds)
    ? seconds % 3600 === 0 && seconds > 0
      ? `${seconds / 3600}h`
      : seconds % 60 === 0 && seconds > 0
        ? `${seconds / 60}m`
        : `${seconds}s`
    : `${Math.round(seconds * 1000)}ms`;

/**
 * Terms and conditions as PromQL, over `range` (`5m`). All series of one connector have the same labels, so that arithmetic and `and` find their partners by
 * themselves.
 */
export function promqlOf(series: SeriesOf, range: string): { term(term: Term): string; condition(condition: Condition): string } {
  const grown = (attribute: string): string => `increase(${series(attribute)}[${range}])`;

  const term = (one: Term): string => {
    switch (one.kind) {
      case 'number':
        return String(one.value);
      case 'value':
        return series(one.attribute);
      case 'increase':
        return grown(one.attribute);
      case 'rate':
        return `rate(${series(one.attribute)}[${range}])`;
      case 'calc':
        return `${operand(one.left, one.sign, 'left')} ${one.sign} ${operand(one.right, one.sign, 'right')}`;
      case 'isSome':
        return `(${term(one.term)} > bool 0)`;
      case 'atLeast':
        return `clamp_min(${term(one.term)}, ${one.least})`;
    }
  };

  const operand = (one: Term, sign: string, side: 'left' | 'right'): string => {
    const needs = one.kind === 'calc' && (isProduct(sign) ? !isProduct(one.sign) || side === 'right' : side === 'right');
    return needs ? `(${term(one)})` : term(one);
  };

  const of = (one: Condition): string => {
    switch (one.kind) {
      case 'compare':
        return `${term(one.left)} ${one.is} ${operand(one.right, '*', 'right')}`;
      case 'still': {
        const still = `${one.attributes.map(grown).join(' + ')} == 0`;
        return one.before.length === 0 ? still : `(${still}) and (${one.before.map(series).join(' + ')} > 0)`;
      }
      case 'absent':
        return one.attributes.map((attribute) => `absent(${series(attribute)})`).join(' or ');
      case 'all':
        return one.of.map((part) => `(${of(part)})`).join(' and ');
      case 'any':
        return one.of.map((part) => `(${of(part)})`).join(' or ');
    }
  };
  return { term, condition: of };
}

const isProduct = (sign: string): boolean => sign === '*' || sign === '/';

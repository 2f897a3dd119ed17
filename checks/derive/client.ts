import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Evidence } from '../report.ts';
import { clientSaid, type ClientSaid } from './client-error.ts';
import { exportsOf, type ClientExport, type Said } from './client-exports.ts';
import { quote } from './evidence.ts';
import { list } from './words.ts';

/** One client as far as it was given: what it would do, and what it said. */
export type ClientView = { exports: readonly ClientExport[]; said: ClientSaid | undefined };

export function clientView(facts: Facts): ClientView {
  const env = seen(facts, 'client.env');
  const error = seen(facts, 'client.error');
  return { exports: env === undefined ? [] : exportsOf(env), said: error && clientSaid(error) };
}

/** Contract, "Diagnosis ids": whoever gives facts of a client expects traffic from it. */
export const hasClient = (facts: Facts): boolean => seen(facts, 'client.env') !== undefined || seen(facts, 'client.error') !== undefined;

/** `traces and logs` */
export const signalsOf = (exports: readonly ClientExport[]): string => list(exports.map(({ signal }) => signal));

/** Quotes the variable that decides; a default has none to quote. */
export const quoteSaid = (facts: Facts, { variable }: Said): Evidence[] =>
  variable === null ? [] : [quote(facts, 'client.env', `variables.${variable}`)];

export const quoteError = (facts: Facts, { line }: ClientSaid): Evidence => quote(facts, 'client.error', 'lines', line);

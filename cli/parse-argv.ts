import { parseArgs, type ParseArgsConfig } from 'node:util';
import { badInput } from './bad-input.ts';
import { didYouMean } from './near.ts';
import { OPTIONS, type OptionName, type OptionSpec } from './options.ts';
import type { Raw } from './read-options.ts';

/** The table of options as util.parseArgs wants it. Switches are counted: `-vv`. */
export const parseArgsOptions = (names: readonly OptionName[]): NonNullable<ParseArgsConfig['options']> =>
  Object.fromEntries(
    names.map((name) => {
      const { form, short }: OptionSpec = OPTIONS[name];
      return [name, { type: form === 'switch' ? 'boolean' : 'string', multiple: true, ...(short === undefined ? {} : { short }) }];
    }),
  );

/**
 * The short way without oclif, with the same rules: unknown options and surplus words are refused, a value is given once.
 * `hint`: where help is, for the sentences.
 */
export function parseArgv(argv: readonly string[], names: readonly OptionName[], hint?: string): Raw {
  const refuse = (sentence: string) => badInput(sentence, hint);
  const options = parseArgsOptions(names);
  const { values, tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const shorts = names.flatMap((name) => (OPTIONS[name] as OptionSpec).short ?? []);
  for (const token of tokens) {
    if (token.kind === 'positional') throw refuse(`"${token.value}" is one argument too many`);
    if (token.kind !== 'option') continue;
    if (!names.includes(token.name as OptionName)) {
      const known = names.map((name) => `--${name}`);
      throw refuse(`${token.rawName}: no such option${token.rawName.startsWith('--') ? didYouMean(token.rawName, known) : ''}`);
    }
    const isSwitch = options[token.name]!.type === 'boolean';
    if (isSwitch && token.value !== undefined) throw refuse(`${token.rawName} takes no value`);
    const isNextOption =
      token.inlineValue === false &&
      (names.some((name) => token.value === `--${name}`) || shorts.some((short) => token.value === `-${short}`));
    if (!isSwitch && (token.value === undefined || isNextOption)) throw refuse(`${token.rawName} expects a value`);
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, list]) => {
      const { form }: OptionSpec = OPTIONS[name as OptionName];
      const all = list as (string | boolean)[];
      if (form === 'value' && all.length > 1) throw refuse(`--${name} can only be specified once`);
      return [name, form === 'list' ? all : form === 'switch' ? all.length : all[0]];
    }),
  );
}

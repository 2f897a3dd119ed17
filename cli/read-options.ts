import { OPTIONS, variableOf, type OptionName, type OptionSpec } from './options.ts';

/** What the command line gave, as text: oclif's flags or util.parseArgs' values. */
export type Raw = Readonly<Record<string, unknown>>;

type Read<Spec extends OptionSpec> = Spec['form'] extends 'list' ? ReturnType<Spec['read']>[] : ReturnType<Spec['read']>;
export type OptionValues = { -readonly [Name in OptionName]?: Read<(typeof OPTIONS)[Name]> };

/** Values, defaults filled in, and which of them a person gave: only these may be `unknown` later. */
export type ReadOptions = { values: OptionValues; given: OptionName[]; onCommandLine: OptionName[] };

/** The command line before the environment before the default. An empty variable counts as not set. */
export function readOptions(names: readonly OptionName[], raw: Raw, env: Readonly<Record<string, string | undefined>>): ReadOptions {
  const values: Record<string, unknown> = {};
  const given: OptionName[] = [];
  const onCommandLine: OptionName[] = [];
  for (const name of names) {
    const spec: OptionSpec = OPTIONS[name];
    const typed = raw[name];
    const variable = env[variableOf(name)] || undefined;
    const here = typed !== undefined && typed !== false;
    if (here) onCommandLine.push(name);
    if (here || variable !== undefined) given.push(name);
    if (here) values[name] = spec.form === 'switch' ? true : readAll(spec, typed, `--${name}`);
    else if (variable !== undefined) values[name] = readAll(spec, spec.form === 'list' ? variable.split(',') : variable, variableOf(name));
    else if (spec.default !== undefined) values[name] = spec.read(spec.default, `--${name}`);
  }
  return { values: values as OptionValues, given, onCommandLine };
}

const readAll = (spec: OptionSpec, given: unknown, named: string): unknown =>
  spec.form === 'list' ? (given as string[]).map((text) => spec.read(text, named)) : spec.read(given as string, named);

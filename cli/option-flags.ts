import { Flags, type Interfaces } from '@oclif/core';
import { OPTIONS, variableOf, type OptionName, type OptionSpec } from './options.ts';

type FlagOf<Form> = Form extends 'switch'
  ? Interfaces.BooleanFlag<boolean>
  : Form extends 'list'
    ? Interfaces.OptionFlag<string[] | undefined>
    : Interfaces.OptionFlag<string | undefined>;
type FlagsFor<Names extends OptionName> = { [Name in Names]: FlagOf<(typeof OPTIONS)[Name]['form']> };

/** oclif's flag for an option. Values stay text: they are read, whoever gave them, by readOptions. */
function flagOf(name: OptionName): unknown {
  const spec: OptionSpec = OPTIONS[name];
  const summary = `${spec.help}${spec.default === undefined ? '' : ` [${spec.default}]`}`;
  const common = { summary, ...(spec.short === undefined ? {} : { char: spec.short as 'v' }) };
  if (spec.form === 'switch') return Flags.boolean(common);
  const value = { ...common, ...(spec.value === undefined ? {} : { helpValue: spec.value }) };
  return spec.form === 'list' ? Flags.string({ ...value, multiple: true, multipleNonGreedy: true }) : Flags.string(value);
}

/** `static flags = { ...flagsFor('timeout', …), … }` */
export const flagsFor = <const Names extends OptionName>(...names: Names[]): FlagsFor<Names> =>
  Object.fromEntries(names.map((name) => [name, flagOf(name)])) as FlagsFor<Names>;

/** `--format`; the first is what is printed when nobody says anything. */
export const formatFlag = <const Format extends string>(...formats: [Format, ...Format[]]): { format: Interfaces.OptionFlag<Format> } => ({
  format: Flags.option({
    options: formats,
    summary: `${OPTIONS.format.help} [${formats[0]}]`,
    helpGroup: 'OUTPUT',
  })() as unknown as Interfaces.OptionFlag<Format>,
});

export { variableOf };

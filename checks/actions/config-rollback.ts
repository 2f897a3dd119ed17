import { connectUrl } from '../derive/commands.ts';
import { connectorView } from '../derive/connector.ts';
import { list } from '../derive/words.ts';
import { showsNothing } from '../secret-keys.ts';
import { defineAction } from './action.ts';
import { changeConfig, type ConfigAsked } from './change-config.ts';
import { differences } from './differences.ts';
import { missing } from './not-there.ts';
import { refuse } from './plan.ts';
import { nameOf, placeOf } from './words.ts';

/** References that Connect resolves show nothing either, and are whole. */
const isToken = (value: string | null | undefined): boolean =>
  typeof value === 'string' && showsNothing(value) && value.startsWith('<redacted:');

/** Back to a configuration as it was before an earlier run; the record keeps them without secrets. */
export const configRollback = defineAction<ConfigAsked & { to: string | null }>({
  id: 'connector config rollback',
  kept: true,
  plan(view) {
    const { facts, past, input } = view;
    const no = missing(facts);
    if (no !== undefined) return no;
    const live = connectorView(facts).config ?? {};
    const own = past.filter((run) => run.connector === nameOf(facts) && run.connectUrl === connectUrl(facts) && run.config !== null);
    const differs = own.filter((run) => Object.keys(differences(live, run.config ?? {})).length > 0);
    const found = input.to === null ? differs.at(-1) : own.find(({ run }) => run === input.to);
    if (found === undefined && input.to !== null)
      return refuse(
        `there is no run ${input.to} with a configuration of ${nameOf(facts)} in the record`,
        own.length === 0 ? undefined : `there are ${list(own.slice(-5).map(({ run }) => run))}`,
      );
    if (found === undefined) return refuse(`the record has no other configuration of ${nameOf(facts)} to go back to`);
    const all = differences(live, found.config ?? {});
    const kept = Object.keys(all).filter((key) => isToken(all[key]) || isToken(live[key]));
    const gone = kept.filter((key) => live[key] === undefined);
    if (gone.length > 0)
      return refuse(
        `${list(gone)} was a secret then, which no record keeps: set it by hand`,
        `otlpctl connector config set ${gone[0]}=...`,
      );
    const keys = Object.fromEntries(Object.entries(all).filter(([key]) => !kept.includes(key)));
    const made = changeConfig(
      this.id,
      { ...view, input: { ...input, keys } },
      `Put the configuration of ${nameOf(facts)} on ${placeOf(facts)} back to how it was before run ${found.run}`,
    );
    if ('refused' in made || kept.length === 0) return made;
    return { ...made, costs: [...made.costs, `Secrets stay as they are now: ${list(kept)}.`] };
  },
});

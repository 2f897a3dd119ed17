import { gather, probesFor } from '../../checks/gather.ts';
import type { Fact, FactId, FactValues } from '../../checks/facts/index.ts';
import { EVERY_PROBE } from '../../checks/probes/on-demand.ts';
import type { Settings, Target } from '../../checks/target.ts';

/** Settings of a test run: no window, nothing from the environment, short deadlines (a third of the time-out for each exchange). */
export const settings = (over: Partial<Settings> = {}): Settings => ({
  timeoutMs: 3000,
  windowMs: 0,
  expect: [],
  given: [],
  version: '1.0.0',
  env: {},
  now: () => 1_795_449_923_000,
  ...over,
});

/** One fact of a run that looks at nothing else. */
export async function factOf<Id extends FactId>(id: Id, target: Target, over: Partial<Settings> = {}): Promise<Fact<FactValues[Id]>> {
  const facts = await gather(target, settings(over), probesFor([id], EVERY_PROBE));
  return facts[id] as Fact<FactValues[Id]>;
}

const STAMP: readonly string[] = ['id', 'at', 'ms'];

/** What a fact says beside when: `id`, `at` and `ms` are checked apart. */
export const said = (fact: Fact<unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fact).filter(([key]) => !STAMP.includes(key)));

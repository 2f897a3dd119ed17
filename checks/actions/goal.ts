import { connectorView } from '../derive/connector.ts';
import { restView } from '../derive/rest.ts';
import { receiverViews } from '../derive/receivers.ts';
import { causeInOneLine } from '../derive/trace.ts';
import { list } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import type { Goal } from './plan.ts';

/** What of a goal is not so, as words to stand after "not seen:"; nothing when all of it was seen. */
export function gapOf(facts: Facts, goal: Goal): string | undefined {
  const rest = restView(facts);
  if (rest.state !== 'answers') return `Connect could not be read (${rest.failed?.detail ?? rest.state})`;
  return stateGap(facts, goal) ?? configGap(facts, goal) ?? portGap(facts, goal);
}

function stateGap(facts: Facts, { connector, tasks, task }: Goal): string | undefined {
  const view = connectorView(facts);
  if (connector === 'absent') return view.existence === 'absent' ? undefined : `${view.name} is still there`;
  if (view.existence !== 'exists') return `Connect has no ${view.name}`;
  if (view.state !== connector) return `connector ${view.state}`;
  if (tasks === 'any') return undefined;
  if (tasks === 'none') return view.tasks.length === 0 ? undefined : `${view.tasks.length} tasks are still there`;
  const wanted = task === undefined ? view.tasks : view.tasks.filter(({ id }) => id === task);
  if (wanted.length === 0) return task === undefined ? 'there is no task' : `there is no task ${task}`;
  const other = wanted.find(({ state }) => state !== tasks);
  if (other === undefined) return undefined;
  const cause = causeInOneLine(other.trace ?? '');
  return `task ${other.id} ${other.state}${cause === '' ? '' : `: ${cause}`}`;
}

function configGap(facts: Facts, { config = {} }: Goal): string | undefined {
  const live = connectorView(facts).config ?? {};
  // Secrets are tokens in facts: of these only that they are there can be compared.
  const wrong = Object.entries(config).find(([key, value]) =>
    value === null ? live[key] !== undefined : live[key] !== value && !isToken(live[key]),
  );
  return wrong && (wrong[1] === null ? `${wrong[0]} is still there` : `${wrong[0]} is ${live[wrong[0]] ?? 'not there'}`);
}

const isToken = (value: string | undefined): boolean => /^<redacted:[a-z-]+>$/.test(value ?? '');

/** Seen from here and not so. A place that cannot be looked at from here holds nobody up. */
const NOT_OPEN = ['refused', 'reset', 'silent', 'foreign'];

function portGap(facts: Facts, { ports }: Goal): string | undefined {
  if (ports === 'any') return undefined;
  const views = receiverViews(facts).filter((view) => !view.assumed);
  const wrong = views.filter(({ state }) => (ports === 'open' ? NOT_OPEN.includes(state) : state === 'serves' || state === 'tls'));
  return wrong.length === 0 ? undefined : list(wrong.map(({ name, saw }) => `${name} ${saw}`));
}

/** A task that stays FAILED: waiting longer cannot help, unless the state shown is older than the action. */
export const isFailed = (facts: Facts, { connector, tasks, task }: Goal): boolean => {
  const view = connectorView(facts);
  if (connector === 'absent' || connector === 'STOPPED') return false;
  return view.state === 'FAILED' || (tasks !== 'any' && view.tasks.some(({ id, state }) => state === 'FAILED' && (task ?? id) === id));
};

/** What is so, in a few words. */
export function stateInWords(facts: Facts): string {
  const view = connectorView(facts);
  if (view.existence === 'absent') return `${view.name} is gone`;
  if (view.state === undefined) return 'the state could not be seen';
  const tasks = view.tasks.length === 0 ? 'no task' : view.tasks.map(({ id, state }) => `task ${id} ${state}`).join(', ');
  const ports = receiverViews(facts)
    .filter(({ state }) => !['off', 'skipped', 'unknown'].includes(state))
    .map(({ name, saw }) => `${name} ${saw}`);
  return [`connector ${view.state}`, tasks, ...ports].join(', ');
}

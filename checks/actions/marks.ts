import { connectorView } from '../derive/connector.ts';
import { receiverViews } from '../derive/receivers.ts';
import { COUNTERS } from '../derive/series.ts';
import type { Facts, Place } from '../facts/index.ts';
import { seen } from '../facts/index.ts';

/** What is remembered of a task, to tell later whether it is still that one. Plain JSON: it stands in the record of a run. */
export type Marks = {
  /** epoch milliseconds; null: nobody says */
  startedAt: number | null;
  counters: Readonly<Record<string, number>>;
  tasks: readonly { id: number; state: string }[];
  /** transports whose port accepted */
  serving: readonly string[];
  /** where the ports were: a connector that is gone says so no longer. Null: not known for sure */
  grpc: Place | null;
  http: Place | null;
};

const sure = (place: Place | null | undefined): Place | null =>
  place == null || place.off === true || place.assumed === true ? null : place;

export function marksOf(facts: Facts): Marks {
  const metrics = seen(facts, 'metrics');
  const values = metrics?.samples.at(-1)?.values ?? {};
  const target = seen(facts, 'target');
  return {
    startedAt: metrics?.startedAt ?? null,
    counters: Object.fromEntries(
      COUNTERS.flatMap((name) => {
        const value = values[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    tasks: connectorView(facts).tasks.map(({ id, state }) => ({ id, state })),
    serving: receiverViews(facts).flatMap(({ transport, state }) => (state === 'serves' ? [transport] : [])),
    grpc: sure(target?.grpc),
    http: sure(target?.http),
  };
}

/** What shows that a task is not the one that was seen before; nothing where it may still be that one. */
export function anewBy(before: Marks, facts: Facts): string | undefined {
  const now = marksOf(facts);
  if (before.startedAt !== null && now.startedAt !== null && now.startedAt > before.startedAt) return 'counters began again';
  if (Object.entries(now.counters).some(([name, value]) => value < (before.counters[name] ?? -Infinity))) return 'counters began again';
  const view = connectorView(facts);
  const state = [view.state, ...view.tasks.map((task) => task.state)].find((one) => one === 'RESTARTING' || one === 'UNASSIGNED');
  if (state !== undefined) return `it was ${state} in between`;
  const isFailed = (id: number): boolean => before.tasks.some((task) => task.id === id && task.state === 'FAILED');
  if (now.tasks.some((task) => task.state === 'RUNNING' && isFailed(task.id))) return 'the task was FAILED before';
  return receiverViews(facts).some(({ state: is, transport }) => is === 'refused' && before.serving.includes(transport))
    ? 'its ports were closed in between'
    : undefined;
}

/** What shows that a task is still the one that was seen before; nothing where it may be another. */
export function sameBy(before: Marks, facts: Facts): string | undefined {
  const now = marksOf(facts);
  if (before.startedAt !== null && before.startedAt === now.startedAt) return 'the counters go on since then';
  // Counters that grew may have begun again and passed where they were; those that stand to the digit have not.
  const names = Object.keys(before.counters);
  const stand = names.length > 0 && names.every((name) => now.counters[name] === before.counters[name]);
  if (stand && names.some((name) => before.counters[name] !== 0)) return 'the counters stand where they stood';
  return before.tasks.some(({ state }) => state === 'FAILED') && now.tasks.every(({ state }) => state === 'FAILED')
    ? 'the task is FAILED as before'
    : undefined;
}

import type { Readiness } from '../connect/readiness.ts';
import type { Task, TaskSnapshot } from '../connect/task-types.ts';
import { metricsDocument, type MetricsDocument } from './document.ts';
import type { Meter } from './meter.ts';

/** What the metrics need of the worker. */
export type Measured = { name: string; task: Task | null };
export type Source<M extends Measured = Measured> = {
  all(): readonly M[];
  find(name: string): M | undefined;
  isReady(): boolean;
  readiness(): Readiness;
};

/** One consistent look at a connector whose task runs. */
export type LookAt = { name: string; startedAt: number; snapshot: TaskSnapshot; document: MetricsDocument; meter: Meter };

/** Null where no task runs: metrics live and die with the task. */
export function lookAt({ name, task }: Measured): LookAt | null {
  const snapshot = task?.snapshot();
  if (!task?.meter || !snapshot) return null;
  const { meter, startedAt } = task;
  return { name, startedAt, snapshot, meter, document: metricsDocument(name, snapshot, startedAt) };
}

export const looks = (source: Source): LookAt[] => source.all().flatMap((measured) => lookAt(measured) ?? []);

/** Every attribute by its name, as the connector's MBean has them. */
export const attributesOf = ({ document: { counters, gauges, derived } }: LookAt): Readonly<Record<string, number>> => ({
  ...counters,
  ...gauges,
  ...derived,
});

import { diagnose } from '../checks/diagnose.ts';
import { withHistory } from '../checks/derive/history.ts';
import { toRecord } from '../checks/record.ts';
import { STATUSES } from '../checks/report.ts';
import { RULES } from '../checks/rules/index.ts';
import { stepsOf } from '../checks/steps/on-demand.ts';
import { THRESHOLDS } from '../checks/thresholds.ts';
import { factsOf, type Several, type World } from './facts-of.ts';
import type { ReadOptions } from './read-options.ts';
import { assertNoRecord } from './record-folder.ts';
import type { Rendering } from './render/format.ts';
import type { Writer } from './writer.ts';

const rank = ({ report }: Rendering) => -STATUSES.indexOf(report.status);

/** Looks, keeps a record where one is wanted, and judges. Worst target first. `asked`: steps that were named. */
export async function look(
  options: ReadOptions,
  world: World,
  writer: Writer,
  several: Several,
  asked: readonly string[] = [],
): Promise<[Rendering, ...Rendering[]]> {
  const { record } = options.values;
  if (record !== undefined) assertNoRecord(record);
  if (options.values.active === true)
    writer.err(
      '--active sends: one marked request of each signal over each protocol, each a record on its topic (otlp-traces, otlp-metrics, otlp-logs unless configured otherwise).',
    );
  const all = await factsOf(options, world, several);
  if (record !== undefined) writer.record(record, all.map(toRecord));
  const renderings = all.map(withHistory).map((facts) => ({ facts, report: diagnose(facts, THRESHOLDS, RULES, stepsOf(facts, asked)) }));
  return renderings.sort((a, b) => rank(a) - rank(b)) as [Rendering, ...Rendering[]];
}

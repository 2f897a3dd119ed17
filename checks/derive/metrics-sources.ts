import { ATTRIBUTES } from '../../proto/vocabulary/attributes.ts';
import type { Facts, Sample } from '../facts/index.ts';
import { seen } from '../facts/index.ts';

/** A counter of one connector that two sources have with values which no traffic between the readings explains. */
export type Disagreement = { name: string; here: number; there: number; source: string };

const COUNTERS = ATTRIBUTES.filter(({ kind }) => kind === 'counter').map(({ name }) => name);

/** The first counter that disagrees. Counters only grow, so another source's lies between our readings before and after it; a restart between them explains all. */
export function disagreementOf(facts: Facts): Disagreement | undefined {
  const metrics = seen(facts, 'metrics');
  if (metrics === undefined) return undefined;
  const own = [...metrics.samples, ...(metrics.check === undefined ? [] : [metrics.check])];
  for (const { source, samples } of metrics.others ?? [])
    for (const sample of samples) {
      const before = own.findLast(({ at }) => at < sample.at);
      const after = own.find(({ at }) => at > sample.at);
      // One reading on either side, of the one source or of the other, shows that the counters were not restarted.
      const around = before !== undefined && after !== undefined ? [before, after] : samples;
      if (around.length < 2 || fell(around[0]!, around.at(-1)!)) continue;
      const found = outside(sample, before, after);
      if (found !== undefined) return { ...found, source };
    }
  return againstLog(facts, own);
}

const fell = (a: Sample, b: Sample): boolean => COUNTERS.some((name) => (b.values[name] ?? Infinity) < (a.values[name] ?? -Infinity));

function outside(there: Sample, before: Sample | undefined, after: Sample | undefined): Omit<Disagreement, 'source'> | undefined {
  for (const name of COUNTERS) {
    const value = there.values[name];
    const [least, most] = [before?.values[name], after?.values[name]];
    if (value === undefined) continue;
    if (least !== undefined && value < least) return { name, here: least, there: value };
    if (most !== undefined && value > most) return { name, here: most, there: value };
  }
  return undefined;
}

/** The log's line may be this much older than a reading: it comes at most every 30 s, and an older one may be of an earlier start. Source: connector-facts, "Logs". */
const LOG_FRESH_MS = 60_000;

/** What the log counted earlier the metrics must have counted too; a log whose start is not in it may tell of an earlier task. */
function againstLog(facts: Facts, own: readonly Sample[]): Disagreement | undefined {
  const log = seen(facts, 'log');
  const line = log?.events['task_metrics'];
  const first = own[0];
  if (line === undefined || line.lastAt === null || first === undefined || log?.startedAt == null) return undefined;
  const there = Number(line.fields['records_produced']);
  const ageMs = first.at - line.lastAt;
  const values = own.map((sample) => sample.values['RecordsProduced']).filter((value) => value !== undefined);
  if (values.length === 0 || !Number.isSafeInteger(there) || ageMs < 0 || ageMs > LOG_FRESH_MS) return undefined;
  const here = values.reduce((a, b) => Math.max(a, b));
  return there > here ? { name: 'RecordsProduced', here, there, source: `task_metrics in ${log.place}` } : undefined;
}

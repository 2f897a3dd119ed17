import { seen, type Facts, type Sample } from '../../checks/facts/index.ts';
import { heldOf } from '../../checks/derive/held-bytes.ts';
import { backlogOf } from '../../checks/derive/queue.ts';
import { dropped, flowOf, perSecond, received, refused } from '../../checks/derive/series.ts';
import { THRESHOLDS } from '../../checks/thresholds.ts';
import { REFUSED_FOR } from '../../proto/vocabulary/attributes.ts';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';

/** One value for a monitoring system; null is U, undetermined. Source: Monitoring Plugins guidelines, "Performance data". */
export type Perf = {
  label: string;
  value: number | null;
  uom: '' | 'c' | '%' | 'B';
  warn?: number;
  crit?: number;
  min?: number;
  max?: number;
};

const limitsOf = (full: number) => ({ warn: (full * THRESHOLDS.queueWarnPercent) / 100, crit: full, min: 0 });

/**
 * The same labels at every look, so that graphs do not lose a line: what was not seen is U.
 * Counters are those of the task's life; `rate` (accepted a second) and `lost` (of what was offered) need two samples.
 */
export function perfdataOf(facts: Facts): Perf[] {
  const metrics = seen(facts, 'metrics');
  const last = metrics?.samples.at(-1);
  const read = (counter: (sample: Sample) => number | undefined): number | null => (last && counter(last)) ?? null;
  const flow = flowOf(metrics);
  const backlog = backlogOf(facts);
  const size = backlog?.capacity ?? null;
  const limits = size === null ? { min: 0 } : { ...limitsOf(size), max: size * SIGNALS.length };
  const told = read(refused);
  const toldForBytes = read(({ values }) => values[REFUSED_FOR.queue_bytes_full]);
  const held = heldOf(facts);
  return [
    { label: 'received', value: read(received), uom: 'c', min: 0 },
    { label: 'dropped', value: read(dropped), uom: 'c', min: 0 },
    { label: 'queued', value: backlog?.messages ?? null, uom: '', ...limits },
    ...(told === null ? [] : [{ label: 'refused', value: told, uom: 'c', min: 0 } as const]),
    ...(toldForBytes === null ? [] : [{ label: 'refused_for_bytes', value: toldForBytes, uom: 'c', min: 0 } as const]),
    ...(held === undefined ? [] : [{ label: 'held', value: held.bytes, uom: 'B', ...limitsOf(held.limit), max: held.limit } as const]),
    { label: 'rate', value: flow?.received == null ? null : perSecond(flow.received, flow), uom: '', min: 0 },
    {
      label: 'lost',
      value: flow?.offered === 0 ? 0 : (flow?.lossPercent ?? null),
      uom: '%',
      crit: THRESHOLDS.lossCriticalPercent,
      min: 0,
      max: 100,
    },
  ];
}

/** No exponent, a point for decimals, no more than three of them. */
const digits = (value: number): string => String(Number(value.toFixed(3)));

export const formatPerf = ({ label, value, uom, ...limits }: Perf): string => {
  if (value === null) return `'${label}'=U${uom}`;
  const { warn, crit, min, max } = limits;
  return `'${label}'=${digits(value)}${uom};${[warn, crit, min, max].map((limit) => (limit === undefined ? '' : digits(limit))).join(';')}`.replace(
    /;+$/,
    '',
  );
};

const PERF = /(?:'((?:[^']|'')+)'|([^\s=']+))=(-?\d+(?:\.\d+)?)[a-zA-Z%]*(?:;\S*)?(?=\s|$)/g;

/** Reads perfdata back, as another tool may have stored it: label → value; U is left out. */
export const parsePerfdata = (text: string): Map<string, number> =>
  new Map([...text.matchAll(PERF)].map(([, quoted, bare, value]) => [(quoted ?? bare!).replaceAll("''", "'"), Number(value)]));

/** Perfdata of a look that determined nothing. Source: Monitoring Plugins guidelines, "Performance data", U. */
export const isUndetermined = (text: string): boolean => /(?:^|\s)(?:'(?:[^']|'')+'|[^\s=']+)=U[a-zA-Z%]*(?=;|\s|$)/.test(text);

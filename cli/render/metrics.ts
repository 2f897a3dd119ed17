import { ALERT_STATES } from '../../checks/alerts/judge.ts';
import { flowOf } from '../../checks/derive/series.ts';
import type { ConnectorMetrics } from '../../checks/facts/index.ts';
import type { AttributeRow, JudgedRow, Threshold } from '../attribute-rows.ts';
import type { RenderOptions } from './format.ts';
import { table, wrap } from './layout.ts';
import { bytes, count, percent, rate, span } from './numbers.ts';

export type MetricsView = { connector: string | null; metrics: ConnectorMetrics; rows: readonly (AttributeRow & Partial<JudgedRow>)[] };

const REMARK = { dead: 'dead: reads 0 whatever happens', absent: 'absent: the source does not have it' } as const;

const SAID = { messages: count, percent, bytes } as const;
const valueOf = ({ value, unit, state }: AttributeRow): string => (value === null || state === 'dead' ? '-' : SAID[unit](value));

/** The limits and the loudest of what the alerts say, by name where one is loud: `> 0; > 1 %: firing TracesQueueDropping`. */
function alertWords(thresholds: readonly Threshold[]): string {
  const loudest = ALERT_STATES.findLast((state) => thresholds.some((one) => one.state === state));
  if (loudest === undefined) return '';
  const limits = [...new Set(thresholds.map(({ limit }) => limit))].join('; ');
  const named = thresholds.filter(({ state }) => state === loudest).map(({ id }) => id);
  const state = loudest === 'silent' ? 'ok' : loudest === 'unknown' ? 'unknown' : `${loudest} ${named.join(', ')}`;
  return `${limits}: ${state}`;
}

function text({ connector, metrics, rows }: MetricsView, { columns, verbosity }: RenderOptions): string {
  const flow = flowOf(metrics);
  const over =
    flow === undefined
      ? 'one look, no rates'
      : `rates over ${span(flow.spanMs)}${flow.restarts > 0 ? ', counters started again in between' : ''}`;
  const head = [`${connector ?? 'no connector named'}, ${metrics.kind} at ${metrics.url}`, over].flatMap((line) => wrap(line, columns));
  const lines = rows.map((row) => {
    const { thresholds = [] } = row;
    const state = [row.state === 'live' ? '' : REMARK[row.state], alertWords(thresholds)].filter((part) => part !== '');
    const meaning = verbosity > 0 ? [...state, row.meaning] : state;
    return [row.name, valueOf(row), row.perSecond === null ? '' : `${rate(row.perSecond)}/s`, meaning.join('; ')];
  });
  return `${[...head, '', ...table(lines, { width: columns, right: [1, 2] })].join('\n')}\n`;
}

function json({ connector, metrics, rows }: MetricsView): string {
  const flow = flowOf(metrics);
  const { kind, url } = metrics;
  return JSON.stringify({
    schemaVersion: 1,
    connector,
    kind,
    url,
    spanMs: flow?.spanMs ?? 0,
    restarts: flow?.restarts ?? 0,
    attributes: rows,
  });
}

export const METRICS_RENDERERS = { text, json } as const;

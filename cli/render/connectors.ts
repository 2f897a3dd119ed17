import type { OverallStatus } from '../../checks/report.ts';
import type { ConnectorRow } from '../connector-rows.ts';
import type { RenderOptions } from './format.ts';
import { table } from './layout.ts';

type Connectors = { source: string; status: OverallStatus; rows: readonly ConnectorRow[] };

/** A row a task, so that a cause stands beside the task it stopped. */
function text({ rows }: Connectors, { columns }: RenderOptions): string {
  if (rows.length === 0) return 'No connector runs on this Connect.\n';
  const head = ['CONNECTOR', 'STATE', 'TASK', 'TASK STATE', 'WORKER', 'CAUSE'];
  const lines = rows.flatMap(({ name, state, worker, cause, tasks }) => {
    if (tasks.length === 0) return [[name, state, 'none', '', worker, cause ?? '']];
    return tasks.map((task, index) => [
      index === 0 ? name : '',
      index === 0 ? state : '',
      String(task.id),
      task.state,
      task.worker,
      task.cause ?? (index === 0 ? (cause ?? '') : ''),
    ]);
  });
  return `${table([head, ...lines], { width: columns }).join('\n')}\n`;
}

const json = ({ source, status, rows }: Connectors): string => JSON.stringify({ schemaVersion: 1, source, status, connectors: rows });

export const CONNECTOR_RENDERERS = { text, json } as const;

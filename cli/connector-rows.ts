import { deepestCause } from '../checks/derive/trace.ts';
import type { RestList } from '../checks/facts/index.ts';
import { isOtlpConfig } from '../checks/probes/target.ts';
import { worst, type OverallStatus } from '../checks/report.ts';

/** Connectors as `connector status` shows them: states as Connect has them, and the deepest cause of a trace in one line. */
export type TaskRow = { id: number; state: string; worker: string; cause: string | null };
export type ConnectorRow = {
  name: string;
  class: string;
  otlp: boolean;
  state: string;
  worker: string;
  cause: string | null;
  tasks: TaskRow[];
};

const causeOf = (trace: string | undefined): string | null => (trace === undefined || trace === '' ? null : deepestCause(trace));

export const connectorRows = (list: RestList, names: readonly string[]): ConnectorRow[] =>
  names.map((name) => {
    const { status, info } = list[name]!;
    return {
      name,
      class: info.config['connector.class'] ?? '',
      otlp: isOtlpConfig(info.config),
      state: status.connector.state,
      worker: status.connector.worker_id,
      cause: causeOf(status.connector.trace),
      tasks: status.tasks.map(({ id, state, worker_id, trace }) => ({ id, state, worker: worker_id, cause: causeOf(trace) })),
    };
  });

/** Contract, "Exit codes": anything but RUNNING is critical unless it was expected; RESTARTING passes by itself. */
export function statusOfRows(rows: readonly ConnectorRow[], expect: readonly string[]): OverallStatus {
  const of = (state: string): OverallStatus => {
    if (state === 'RUNNING' || expect.includes(`state=${state}`)) return 'ok';
    return state === 'RESTARTING' ? 'warning' : 'critical';
  };
  const noTask = (row: ConnectorRow): OverallStatus[] => (row.tasks.length === 0 && row.state === 'RUNNING' ? ['critical'] : []);
  return worst(rows.flatMap((row) => [of(row.state), ...row.tasks.map(({ state }) => of(state)), ...noTask(row)]));
}

import { CONNECTOR_VERSION, TASK_CLASS, type ConnectorState } from '../../proto/vocabulary/connect.ts';
import { noteProduced, type Connector } from './connector.ts';

/** What the views need to know of the worker. */
export type WorkerFace = {
  workerId: string;
  statusHasVersion: boolean;
  /** what is shown in place of a status: itself, unless somebody stands between */
  shows: (status: StatusView) => StatusView;
};

type PartView = { state: ConnectorState; worker_id: string; trace?: string; version?: string };
/** Connect's status object. A class that cannot be loaded makes the type unknown. */
export type StatusView = { name: string; connector: PartView; tasks: ({ id: number } & PartView)[]; type: 'source' | 'unknown' };

const versionOf = (face: WorkerFace) => (face.statusHasVersion ? { version: CONNECTOR_VERSION } : {});
const traceOf = (trace: string | null) => (trace === null ? {} : { trace });

export function connectorState(connector: Connector): ConnectorState {
  if (connector.restarting.connector) return 'RESTARTING';
  if (connector.wanted !== 'RUNNING') return connector.wanted;
  return connector.failure === null ? 'RUNNING' : 'FAILED';
}

export const taskState = (connector: Connector): ConnectorState =>
  connector.restarting.task ? 'RESTARTING' : (connector.task?.state() ?? 'UNASSIGNED');

function taskStatus(connector: Connector, face: WorkerFace) {
  const state = taskState(connector);
  return {
    id: 0,
    state,
    worker_id: face.workerId,
    ...traceOf(connector.task?.trace ?? null),
    ...versionOf(face),
  };
}

/** Connect's status object: traces only where something FAILED, also while it is restarted for that. */
export function statusView(connector: Connector, face: WorkerFace): StatusView {
  const state = connectorState(connector);
  return face.shows({
    name: connector.name,
    connector: {
      state,
      worker_id: face.workerId,
      ...traceOf(state === 'FAILED' || state === 'RESTARTING' ? connector.failure : null),
      ...versionOf(face),
    },
    tasks: hasTask(connector) ? [taskStatus(connector, face)] : [],
    type: 'source',
  });
}

export const hasTask = (connector: Connector): boolean => connector.task !== null || connector.restarting.task;

export const infoView = (connector: Connector) => ({
  name: connector.name,
  config: connector.config,
  tasks: hasTask(connector) ? [{ connector: connector.name, task: 0 }] : [],
  type: 'source',
});

/** Ports that the configuration left to the system (0), as the task got them. */
const portsOf = ({ task, config }: Connector) =>
  Object.fromEntries(
    (['grpc', 'http'] as const).flatMap((receiver) => {
      const port = task?.ports[receiver] ?? null;
      return port !== null && config[`otlp.${receiver}.port`] === '0' ? [[`otlp.${receiver}.port`, String(port)]] : [];
    }),
  );

export const tasksView = (connector: Connector) =>
  hasTask(connector)
    ? [{ id: { connector: connector.name, task: 0 }, config: { ...connector.config, ...portsOf(connector), 'task.class': TASK_CLASS } }]
    : [];

/** As Connect 3.9 still has it: the same by names. */
export const tasksConfigView = (connector: Connector) =>
  Object.fromEntries(tasksView(connector).map(({ id, config }) => [`${id.connector}-${id.task}`, config]));

export function offsetsView(connector: Connector) {
  noteProduced(connector);
  return { offsets: connector.offsets };
}

export function topicsView(name: string, connector: Connector | undefined) {
  if (connector) noteProduced(connector);
  return Object.fromEntries([[name, { topics: [...(connector?.topics ?? [])] }]]);
}

import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import type { StoredConnector, StoredOffset, Wanted } from '../state/stored.ts';
import { altered, offsetsOf } from './offsets.ts';
import type { Task } from './task-types.ts';
import type { ConnectorConfig } from './validate.ts';

/** A connector as the worker holds it. Its shown state is computed from this, never stored beside it. */
export type Connector = {
  readonly name: string;
  config: ConnectorConfig;
  wanted: Wanted;
  /** it has run since it was made; until then Connect shows no task, not even a paused one */
  tasked: boolean;
  /** trace of why the connector itself could not start */
  failure: string | null;
  task: Task | null;
  restarting: { connector: boolean; task: boolean };
  /** topics that records went to, and what had been produced when they were last forgotten */
  topics: Set<string>;
  producedBefore: Record<Signal, number>;
  /** how far each signal has been produced, as Connect keeps it of a source */
  offsets: readonly StoredOffset[];
};

const none = (): Record<Signal, number> => ({ traces: 0, metrics: 0, logs: 0 });

export const connectorOf = (stored: StoredConnector): Connector => ({
  ...stored,
  failure: null,
  task: null,
  restarting: { connector: false, task: false },
  topics: new Set(stored.topics),
  producedBefore: none(),
});

export const storedOf = ({ name, config, wanted, tasked, topics, offsets }: Connector): StoredConnector => ({
  name,
  config: { ...config },
  wanted,
  tasked,
  topics: [...topics],
  offsets: [...offsets],
});

/** Adds the topics that the task has produced to, and how far it has come. Call before its counters go. */
export function noteProduced(connector: Connector): void {
  const { task } = connector;
  const snapshot = task?.snapshot();
  if (!task || !snapshot) return;
  for (const signal of SIGNALS) if (snapshot.produced[signal] > connector.producedBefore[signal]) connector.topics.add(task.topics[signal]);
  if (task.session) connector.offsets = altered(connector.offsets, offsetsOf(connector.name, task.session, snapshot.produced));
}

export function forgetTopics(connector: Connector): void {
  connector.topics.clear();
  connector.producedBefore = { ...(connector.task?.snapshot()?.produced ?? none()) };
}

/** Counters of a new task begin at 0. */
export const beginTopics = (connector: Connector): void => {
  connector.producedBefore = none();
};

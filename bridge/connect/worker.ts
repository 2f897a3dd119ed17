import type { Log } from '../log.ts';
import type { State } from '../state.ts';
import type { StoredConnector, StoredOffset, Wanted } from '../state/stored.ts';
import { connectorOf, forgetTopics, type Connector } from './connector.ts';
import { connectError } from './errors.ts';
import { HERDER_LOGGER } from './events.ts';
import { keepIn } from './keeping.ts';
import { applyWanted, haltTask } from './lifecycle.ts';
import { allRun, type Readiness } from './readiness.ts';
import { altered } from './offsets.ts';
import { serially } from './serially.ts';
import type { StopResult, TaskContext } from './task-types.ts';
import type { ConnectorConfig } from './validate.ts';
import { VERSION_TRAITS, type ConnectVersion } from './versions.ts';
import { connectorState, hasTask, statusView, taskState, type StatusView, type WorkerFace } from './views.ts';
import { checkedConfig, sameConfig } from './wanted-config.ts';

export type WorkerOptions = {
  state: State;
  connectors: readonly StoredConnector[];
  connectVersion: ConnectVersion;
  /** host:port of the REST interface, as `worker_id` shows it */
  workerId: string;
  /** what is shown in place of a status */
  shows: (status: StatusView) => StatusView;
  context: TaskContext;
  flushTimeoutMs: number;
  log: Log;
};

export type Created = { connector: Connector; created: boolean };

/** Kafka Connect's worker, as far as a client sees it: connectors by name, what is wanted of each, and what runs. */
export type Worker = ReturnType<typeof createWorker>;

export function createWorker(options: WorkerOptions) {
  const { state, context, flushTimeoutMs, connectVersion } = options;
  const connectors = new Map<string, Connector>(options.connectors.map((stored) => [stored.name, connectorOf(stored)]));
  const inTurn = serially();
  const { workerId, shows } = options;
  const face: WorkerFace = { workerId, statusHasVersion: VERSION_TRAITS[connectVersion].statusHasVersion, shows };
  let ready = false;
  let stopping = false;

  const say = (connector: string, message: string) =>
    options.log({ level: 'INFO', message, logger: HERDER_LOGGER, context: `${connector}|worker` });
  const keep = keepIn(state, connectors, options.log);
  const apply = async (connector: Connector, fresh: boolean) => {
    await applyWanted(connector, fresh, context, flushTimeoutMs);
    keep.asItIs();
  };
  const need = (name: string, message: string): Connector => {
    const connector = connectors.get(name);
    if (!connector) throw connectError(404, message);
    return connector;
  };
  const refuseIfStopping = () => {
    if (stopping) throw connectError(503, 'The bridge is stopping and takes no more changes');
  };
  /** One change of a connector at a time, in the order in which they were asked for. */
  const change = <T>(name: string, work: () => Promise<T>): Promise<T> =>
    inTurn(name, () => {
      refuseIfStopping();
      return work();
    });
  const checked = (name: string, config: ConnectorConfig, during: 'creation' | 'change') =>
    checkedConfig(name, config, connectVersion, during);

  /** `config`: checked */
  const add = async (name: string, config: ConnectorConfig, wanted: Wanted): Promise<Connector> => {
    const connector = connectorOf({ name, config, wanted, tasked: false, topics: [], offsets: [] });
    connectors.set(name, connector);
    keep.change(() => connectors.delete(name));
    say(name, `Connector ${name} is created, wanted state ${wanted}`);
    await apply(connector, false);
    return connector;
  };

  const reconfigure = async (connector: Connector, config: ConnectorConfig): Promise<Connector> => {
    const next = checked(connector.name, config, 'change');
    const before = connector.config;
    const fresh = !sameConfig(before, next);
    connector.config = next;
    keep.change(() => (connector.config = before));
    say(connector.name, `Configuration of ${connector.name} is ${fresh ? 'changed, its task restarts with it' : 'as it was'}`);
    await apply(connector, fresh);
    return connector;
  };

  const want = (name: string, wanted: Wanted) =>
    change(name, async () => {
      const connector = need(name, `Unknown connector ${name}`);
      // A connector that FAILED stays so until it is restarted or configured anew, as in Connect.
      if (wanted === 'RUNNING' && connectorState(connector) === 'FAILED') return;
      const before = connector.wanted;
      connector.wanted = wanted;
      keep.change(() => (connector.wanted = before));
      say(name, `Wanted state of ${name} is ${wanted}`);
      await apply(connector, false);
    });

  const restarting = async (connector: Connector, parts: Connector['restarting'], work: () => Promise<void>) => {
    connector.restarting = parts;
    try {
      await work();
    } finally {
      connector.restarting = { connector: false, task: false };
    }
  };

  return {
    face,
    connectVersion,
    clusterId: state.clusterId,
    isReady: () => ready,
    readiness(): Readiness {
      if (stopping) return 'stopping';
      if (!ready) return 'starting';
      return allRun([...connectors.values()]) ? 'ready' : 'not running';
    },
    names: () => [...connectors.keys()],
    all: () => [...connectors.values()],
    find: (name: string) => connectors.get(name),
    need,

    /** Starts every connector that was there; resolves when each was tried. */
    async start(): Promise<void> {
      await Promise.all(
        [...connectors.values()].map((connector) => inTurn(connector.name, () => applyWanted(connector, false, context, flushTimeoutMs))),
      );
      keep.asItIs();
      ready = true;
    },

    create: (name: string, config: ConnectorConfig, wanted: Wanted): Promise<Connector> =>
      change(name, () => {
        const whole = checked(name, config, 'creation');
        if (connectors.has(name)) throw connectError(409, `Connector ${name} already exists`);
        return add(name, whole, wanted);
      }),

    put: (name: string, config: ConnectorConfig): Promise<Created> =>
      change(name, async () => {
        const known = connectors.get(name);
        return known
          ? { connector: await reconfigure(known, config), created: false }
          : { connector: await add(name, checked(name, config, 'change'), 'RUNNING'), created: true };
      }),

    /** Null takes a key away. */
    patch: (name: string, keys: Readonly<Record<string, string | null>>): Promise<Connector> =>
      change(name, async () => {
        const connector = need(name, `Connector ${name} not found`);
        const merged = Object.entries({ ...connector.config, ...keys }).filter((entry): entry is [string, string] => entry[1] !== null);
        return reconfigure(connector, Object.fromEntries(merged));
      }),

    pause: (name: string) => want(name, 'PAUSED'),
    resume: (name: string) => want(name, 'RUNNING'),
    stop: (name: string) => want(name, 'STOPPED'),

    remove: (name: string): Promise<void> =>
      change(name, async () => {
        const connector = need(name, `Connector ${name} not found`);
        keep.without(connector);
        connector.wanted = 'STOPPED';
        await haltTask(connector, flushTimeoutMs);
        connectors.delete(name);
        keep.asItIs();
        say(name, `Connector ${name} is deleted`);
      }),

    /** The connector alone, as Connect's plain restart: a task that FAILED stays so. */
    restart: (name: string): Promise<void> =>
      change(name, async () => {
        const connector = need(name, `Unknown connector: ${name}`);
        await apply(connector, connector.failure !== null);
        if (connector.failure !== null) throw connectError(500, `Failed to start connector: ${name}`);
      }),

    /** Plans a restart of connector and task and answers at once with the plan as a status; `done` resolves when it is carried out. */
    restartWith(name: string, { includeTasks, onlyFailed }: { includeTasks: boolean; onlyFailed: boolean }) {
      refuseIfStopping();
      const connector = need(name, `Unknown connector: ${name}`);
      const parts = {
        connector: !onlyFailed || connectorState(connector) === 'FAILED',
        task: includeTasks && hasTask(connector) && (!onlyFailed || taskState(connector) === 'FAILED'),
      };
      const plan = statusView({ ...connector, restarting: parts }, face);
      const done = change(name, async () => {
        if (connectors.get(name) !== connector) return;
        await restarting(connector, parts, () => apply(connector, parts.task || (parts.connector && connector.failure !== null)));
      });
      return { plan, done };
    },

    restartTask: (name: string, id: string): Promise<void> =>
      change(name, async () => {
        const connector = need(name, `Unknown connector: ${name}`);
        if (id !== '0' || !hasTask(connector)) throw connectError(404, `Unknown task: ${name}-${id}`);
        await restarting(connector, { connector: false, task: true }, () => apply(connector, true));
      }),

    /** Null takes the offset of a partition away, null instead of a list all of them; both as long as it is STOPPED. */
    alterOffsets: (name: string, changes: readonly StoredOffset[] | null): Promise<void> =>
      change(name, () => {
        const connector = need(name, `Connector ${name} not found`);
        if (connector.wanted !== 'STOPPED')
          throw connectError(
            400,
            `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
          );
        const before = connector.offsets;
        connector.offsets = changes === null ? [] : altered(before, changes);
        keep.change(() => (connector.offsets = before));
        say(name, `Offsets of ${name} are ${changes === null ? 'reset' : 'altered'}`);
        return Promise.resolve();
      }),

    resetTopics: (name: string) => {
      const connector = connectors.get(name);
      if (connector) forgetTopics(connector);
      keep.asItIs();
    },

    /** Everything is still taken, but nobody should come any more, and nothing is changed. */
    leave(): void {
      stopping = true;
      for (const { task } of connectors.values()) task?.leave();
    },

    /** A shutdown that goes on stops waiting for the sink. */
    hurry(): void {
      for (const { task } of connectors.values()) void task?.stop(0);
    },

    /** Ends every task, all at once. Wanted states stay as they are: the next start brings them back. */
    async shutdown(deadlineMs: number): Promise<Map<string, StopResult>> {
      stopping = true;
      const results = await Promise.all(
        [...connectors.values()].map(
          async (connector) => [connector.name, await inTurn(connector.name, () => haltTask(connector, deadlineMs))] as const,
        ),
      );
      keep.asItIs();
      return new Map(results);
    },
  };
}

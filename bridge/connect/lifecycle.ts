import { BRIDGE_LOGGER, type Log } from '../log.ts';
import { beginTopics, noteProduced, type Connector } from './connector.ts';
import { CONNECTOR_LOGGER } from './events.ts';
import { sequencesOf } from './offsets.ts';
import { TLS_KEY } from '../intake/tls-files.ts';
import { failedTask, startTask } from './task.ts';
import { readTaskConfig, topicsOf, type TaskConfig } from './task-config.ts';
import type { StopResult, TaskContext } from './task-types.ts';
import { connectorTrace, taskTrace, unforeseenTrace } from './trace.ts';

const NOTHING: StopResult = { delivered: 0, spilled: null, lost: 0 };

/** Ends the task of a connector, if there is one; nothing that was accepted is lost. */
export async function haltTask(connector: Connector, deadlineMs: number): Promise<StopResult> {
  const { task } = connector;
  if (!task) return NOTHING;
  const result = await task.stop(deadlineMs);
  noteProduced(connector);
  connector.task = null;
  return result;
}

/** Who asked for client certificates thinks that nobody else may send. */
function sayOpen(name: string, log: Log): void {
  log({
    level: 'WARN',
    message: `${TLS_KEY.clientCa} has no effect on ${name}: otlp.tls.enabled is false, and whoever reaches its ports may send`,
    logger: BRIDGE_LOGGER,
    context: `${name}|worker`,
  });
}

function sayConnector(connector: Connector, log: Log, config: TaskConfig | null): void {
  const context = `${connector.name}|worker`;
  if (config)
    return log({
      level: 'INFO',
      message: `Connector ${connector.name} is configured: gRPC ${config.grpc ? config.grpcPort : 'off'}, HTTP ${config.http ? config.httpPort : 'off'}, queue ${config.queueSize} a signal, records as ${config.format} where the sink converts`,
      logger: CONNECTOR_LOGGER,
      context,
    });
  log({
    level: 'ERROR',
    message: `Connector ${connector.name} could not start`,
    logger: CONNECTOR_LOGGER,
    context,
    ...(connector.failure === null ? {} : { trace: connector.failure }),
  });
}

async function beginTask(connector: Connector, config: TaskConfig, context: TaskContext): Promise<void> {
  beginTopics(connector);
  try {
    connector.task = await startTask(
      connector.name,
      config,
      { paused: connector.wanted === 'PAUSED', sequences: sequencesOf(connector) },
      context,
    );
  } catch (error) {
    connector.task = failedTask(unforeseenTrace(error), topicsOf(config), context.now());
  }
  connector.tasked = true;
}

/**
 * Brings what runs in line with what is wanted: the one place where tasks start and stop.
 * `fresh`: a task that runs is restarted, because its configuration changed or somebody asked for it.
 */
export async function applyWanted(connector: Connector, fresh: boolean, context: TaskContext, deadlineMs: number): Promise<void> {
  if (connector.wanted === 'STOPPED') {
    connector.failure = null;
    await haltTask(connector, deadlineMs);
    // Paused out of this, it has no task until it runs.
    connector.tasked = false;
    return;
  }
  const { config, fault } = readTaskConfig(connector.config);
  connector.failure = fault ? connectorTrace(fault) : null;
  if (connector.wanted === 'RUNNING' && (fresh || !connector.task)) {
    sayConnector(connector, context.log, config);
    if (config?.tls === null && context.tlsClientCa !== null) sayOpen(connector.name, context.log);
  }
  if (connector.wanted === 'PAUSED' && !connector.tasked) return;

  if (!config) {
    await haltTask(connector, deadlineMs);
    const off = fault.exception === 'java.lang.IllegalArgumentException';
    if (off) connector.tasked = false;
    // Both receivers off: Connect makes no task. A configuration that went bad under a task that existed: it FAILS too.
    if (connector.tasked) connector.task = failedTask(taskTrace(fault), null, context.now());
    return;
  }
  if (connector.task && !fresh) {
    if (connector.wanted === 'PAUSED') connector.task.pause();
    else connector.task.resume();
    return;
  }
  await haltTask(connector, deadlineMs);
  await beginTask(connector, config, context);
}

import { defineRule } from '../rule.ts';
import { connectorView } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { boundPort, failedWith } from '../derive/failure.ts';
import { joinAddress } from '../address.ts';
import { LABEL, receiverView, TRANSPORTS } from '../derive/receivers.ts';
import { changeConfig, remedy, restartTheTask } from '../derive/remedy.ts';
import { isOtlpClass } from '../derive/connector.ts';
import { foreignHolder, listenersOn, processName, workerPid } from '../derive/worker.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import type { Facts, Listener } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Evidence, Remedy } from '../report.ts';
import { TASK_ECHOES } from './echoes.ts';

/** Who has the port now: another process, another connector in the same worker, somebody who cannot be seen, or nobody any more. */
type Holder =
  { kind: 'process'; listener: Listener } | { kind: 'connector'; name: string } | { kind: 'unseen'; by: string } | { kind: 'nobody' };

/** Another OTLP connector on this Connect whose task runs and whose configuration has the port. */
function connectorOn(facts: Facts, port: number): string | undefined {
  const own = connectorView(facts).name;
  return Object.entries(seen(facts, 'rest.list') ?? {}).find(([name, { info, status }]) => {
    const ports = TRANSPORTS.filter((t) => info.config[`otlp.${t}.enabled`] !== 'false').map((t) =>
      Number(info.config[`otlp.${t}.port`] ?? defaultOf(`otlp.${t}.port`)),
    );
    return (
      name !== own &&
      isOtlpClass(info.config['connector.class']) &&
      ports.includes(port) &&
      status.tasks.some((task) => ['RUNNING', 'PAUSED'].includes(task.state))
    );
  })?.[0];
}

function holderOf(facts: Facts, port: number, transport: 'grpc' | 'http'): Holder {
  const foreign = foreignHolder(facts, port);
  if (foreign !== undefined) return { kind: 'process', listener: foreign };
  const connector = connectorOn(facts, port);
  const on = listenersOn(facts, port);
  const byWorker = on.some((listener) => listener.pid !== undefined && listener.pid === workerPid(facts));
  const look = receiverView(facts, transport);
  if (connector !== undefined && (byWorker || look.state === 'serves')) return { kind: 'connector', name: connector };
  const named = on.find((listener) => listener.pid !== undefined && !byWorker);
  if (named !== undefined) return { kind: 'process', listener: named };
  const free = look.address?.port === port && look.state === 'refused';
  return free && on.length === 0
    ? { kind: 'nobody' }
    : { kind: 'unseen', by: on.length === 0 ? '' : ' by a process that could not be seen' };
}

const whole = 'both receivers are closed and nothing is received';

const sentenceOf = (holder: Holder, port: number, label: string): string => {
  if (holder.kind === 'process') return `${processName(holder.listener)} holds port ${port}, so the task cannot start: ${whole}.`;
  if (holder.kind === 'connector')
    return `Connector ${holder.name} on the same worker holds port ${port}, so this task cannot start: ${whole} by it.`;
  if (holder.kind === 'unseen') return `Port ${port} (${label}) is in use${holder.by}, so the task cannot start: ${whole}.`;
  return `Port ${port} (${label}) was in use when the task started and is free now; the task stays FAILED until it is restarted.`;
};

/** The port's listeners in words: `127.0.0.1:4317: python3 (pid 3884)`. */
const heldBy = (facts: Facts, port: number): Evidence | undefined =>
  seen(facts, 'host.listeners') === undefined
    ? undefined
    : quote(
        facts,
        'host.listeners',
        'listeners',
        listenersOn(facts, port)
          .map((listener) => `${joinAddress(listenerAddress(listener))}: ${processName(listener)}`)
          .join(', ') || `nobody listens on ${port}`,
      );

const listenerAddress = ({ address, port }: Listener): { host: string; port: number } => ({ host: address, port });

export const portInUse = defineRule({
  id: 'port-in-use',
  layer: 'task',
  scope: 'target',
  status: 'critical',
  explains: TASK_ECHOES,
  heading: 'Issue 1: OTLP Receivers Not Listening',
  meaning:
    'Another process, or another connector on the same worker, has one of the ports. The task opens both or fails, so the other receiver is down as well; nothing is wrong with it.',
  when({ facts }) {
    const failure = failedWith(facts, 'port-in-use');
    if (failure === undefined) return undefined;
    const { transport, port } = boundPort(facts, failure);
    const holder = holderOf(facts, port, transport);
    return {
      sentence: sentenceOf(holder, port, LABEL[transport]),
      evidence: evidenceOf(
        ...failure.evidence.slice(0, 1),
        heldBy(facts, port),
        ...failure.evidence.slice(1),
        holder.kind === 'connector' ? quote(facts, 'rest.list', `${holder.name}.info.config`) : undefined,
        quote(facts, `receiver.${transport}`),
      ),
    };
  },
  remedies({ facts }) {
    const failure = failedWith(facts, 'port-in-use');
    if (failure === undefined) return [];
    const { transport, port } = boundPort(facts, failure);
    const holder = holderOf(facts, port, transport);
    const restart = restartTheTask(facts, '', failure.task ?? 0);
    const move = changeConfig(facts, 'Or give the connector ports of its own (senders must follow).', {
      [`otlp.${transport}.port`]: String(port + 10_000),
    });
    return {
      process: [stop(holder), restart, move],
      connector: [separate(facts, port, transport)],
      unseen: [whoIs(port), restart, move],
      nobody: [restart],
    }[holder.kind];
  },
});

const stop = (holder: Holder): Remedy =>
  holder.kind === 'process'
    ? remedy(`Stop ${processName(holder.listener)} if it is not meant to be there.`, `kill ${holder.listener.pid ?? ''}`, 'outage')
    : whoIs(0);

const whoIs = (port: number): Remedy =>
  remedy("Find the holder on the worker's host, as a user that may see it.", `sudo ss -ltnp 'sport = :${port}'`);

/** Both ports of a twin collide; killing the holder would be killing Connect. */
const separate = (facts: Facts, port: number, transport: 'grpc' | 'http'): Remedy => {
  const other = transport === 'grpc' ? 'http' : 'grpc';
  const otherPort = receiverView(facts, other).address?.port;
  return changeConfig(
    facts,
    'Give this connector ports of its own (senders must follow); the holder is the Connect worker itself, do not stop it.',
    {
      [`otlp.${transport}.port`]: String(port + 10_000),
      ...(otherPort === undefined ? {} : { [`otlp.${other}.port`]: String(otherPort + 10_000) }),
    },
  );
};

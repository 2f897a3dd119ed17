import type { Fact, Facts, Failed, Listener } from '../facts/index.ts';
import { isFailed, isSeen, isUnasked, seen } from '../facts/index.ts';
import type { Evidence } from '../report.ts';
import { connectorView } from './connector.ts';
import { evidenceOf, quote } from './evidence.ts';
import { recentMark } from './log.ts';
import { sameHost, splitAddress } from '../address.ts';
import { receiverViews } from './receivers.ts';
import { restView } from './rest.ts';
import { flowOf } from './series.ts';
import { stallOf } from './stall.ts';

/** What is so with the worker as a whole; single looks that fail are its echoes. */

const failedAs = (fact: Fact<unknown>, ...failures: Failed['failure'][]): boolean => isFailed(fact) && failures.includes(fact.failure);
const notAsked = (fact: Fact<unknown>): boolean => isUnasked(fact);

/** Receivers that were looked at (an off or skipped one says nothing). */
export const lookedAt = (facts: Facts) => receiverViews(facts).filter((view) => !['off', 'skipped', 'unknown'].includes(view.state));

/** REST, the receivers and every metrics source that was asked refuse: there is no process. */
export function isWorkerDown(facts: Facts): boolean {
  const receivers = lookedAt(facts);
  return (
    restView(facts).state === 'refused' &&
    receivers.length > 0 &&
    receivers.every((view) => view.state === 'refused') &&
    (notAsked(facts.metrics) || failedAs(facts.metrics, 'refused')) &&
    !isSeen(facts['jmx.jvm'])
  );
}

/** State of a process that was stopped (SIGSTOP, a debugger). Source: proc(5), /proc/PID/stat. */
const STOPPED = ['T', 't'];

/** The worker's process is stopped, as /proc shows it. */
export const isStopped = (facts: Facts): boolean => STOPPED.includes(workerListener(facts)?.state ?? '');

/** They accept and none answers: the process is there and does not run. */
export function isWorkerFrozen(facts: Facts): boolean {
  const receivers = lookedAt(facts);
  const { state } = restView(facts);
  if (state === 'timeout' && isStopped(facts)) return true;
  return (
    (state === 'timeout' || state === 'filtered') &&
    receivers.some((view) => view.state === 'silent') &&
    receivers.every((view) => view.state === 'silent' || view.state === 'filtered') &&
    (notAsked(facts.metrics) || failedAs(facts.metrics, 'timeout')) &&
    !receivers.some((view) => isForeignHolder(facts, view.address?.port))
  );
}

export type WorkerHealth = 'healthy' | 'starting' | 'unhealthy' | 'no-answer' | 'unknown';

/** GET /health (Connect 3.9 and later); no answer while the rest of REST answers counts as unhealthy: it takes 10 s to say so. */
export function healthOf(facts: Facts): WorkerHealth {
  const fact = facts['rest.health'];
  if (isSeen(fact)) return fact.value.httpStatus === 200 ? 'healthy' : fact.value.httpStatus === 503 ? 'starting' : 'unhealthy';
  if (failedAs(fact, 'timeout')) return 'no-answer';
  if (isFailed(fact) && fact.status === 503) return 'starting';
  return isFailed(fact) && fact.status === 500 ? 'unhealthy' : 'unknown';
}

const healthText = (facts: Facts): string => {
  const fact = facts['rest.health'];
  return isSeen(fact) ? fact.value.message : isFailed(fact) ? `${fact.detail} ${JSON.stringify(fact.body ?? '')}` : '';
};

/** The worker still reads its internal topics: REST answers and nothing is in it yet. */
export function isWorkerStarting(facts: Facts): boolean {
  const list = seen(facts, 'rest.list');
  const empty = list !== undefined && Object.keys(list).length === 0;
  const health = healthOf(facts);
  return (
    health === 'starting' ||
    (empty && (health === 'no-answer' || health === 'unhealthy') && recentMark(facts, 'coordinator-unreachable') === undefined)
  );
}

export type KafkaGone = { how: 'unreachable' | 'unresponsive'; evidence: Evidence[]; portsShut: boolean };

/** Stage texts of GET /health that wait for Kafka. Source: Kafka Connect, DistributedHerder's tick stages. */
const KAFKA_STAGE = /membership|status topic|config topic|configuration topic|offsets? topic|Kafka/i;

/**
 * Kafka gone as Connect shows it: /health is bad while /status goes on saying RUNNING at once, and one more sign that nothing is written:
 * the stage it waits in, the log, Connect's own metrics of the task gone, the ports shut, or intake without output.
 */
export function kafkaGone(facts: Facts): KafkaGone | undefined {
  const view = connectorView(facts);
  if (view.status === undefined || !(view.state === 'RUNNING' || view.tasks.some((task) => task.state === 'RUNNING'))) return undefined;
  const health = healthOf(facts);
  const coordinator = recentMark(facts, 'coordinator-unreachable');
  const looked = lookedAt(facts).filter((receiver) => !receiver.assumed);
  const portsShut = looked.length > 0 && looked.every((receiver) => receiver.state === 'refused');
  const taskGone = failedAs(facts['jmx.task'], 'absent') && isSeen(facts['jmx.jvm']);
  const flow = flowOf(seen(facts, 'metrics'));
  const stuck = stallOf(facts)?.where === 'queued';
  const bad = health === 'unhealthy' || health === 'no-answer';
  const signs =
    [coordinator !== undefined, portsShut, taskGone, stuck].filter(Boolean).length +
    (health === 'unhealthy' && KAFKA_STAGE.test(healthText(facts)) ? 1 : 0);
  if (!(bad ? signs >= 1 : health === 'unknown' && coordinator !== undefined && signs >= 2)) return undefined;
  const refusing = (seen(facts, 'log')?.troubles ?? []).some((trouble) =>
    /Connection to node .* could not be established/.test(trouble.message),
  );
  return {
    how: coordinator !== undefined && !refusing ? 'unresponsive' : 'unreachable',
    portsShut,
    evidence: evidenceOf(
      bad && quote(facts, 'rest.health', isSeen(facts['rest.health']) ? 'message' : ''),
      quote(facts, view.fact, `${view.path}tasks.0.state`),
      coordinator !== undefined && quote(facts, 'log', 'marks.coordinator-unreachable.text'),
      taskGone && quote(facts, 'jmx.task'),
      ...(portsShut ? looked.map((receiver) => quote(facts, receiver.fact)) : []),
      stuck && quote(facts, 'metrics', 'samples', `RecordsProduced +0 while ${flow?.offered ?? 0} were offered`),
    ),
  };
}

/** The worker that the status names refuses while the one that was asked is well: what it last wrote still stands. */
export function isWorkerLost(facts: Facts): boolean {
  const view = connectorView(facts);
  const looked = lookedAt(facts);
  return (
    view.state !== undefined &&
    // A worker that said goodbye has left UNASSIGNED behind: that is not stale.
    !view.tasks.some((task) => task.state === 'UNASSIGNED') &&
    failedAs(facts['rest.worker'], 'refused', 'reset') &&
    healthOf(facts) !== 'unhealthy' &&
    looked.length > 0 &&
    looked.every((receiver) => receiver.state === 'refused' || receiver.state === 'filtered')
  );
}

export const listenersOn = (facts: Facts, port: number | undefined): Listener[] =>
  port === undefined ? [] : (seen(facts, 'host.listeners')?.listeners.filter((listener) => listener.port === port) ?? []);

const ownerOf = (facts: Facts, port: number | undefined): Listener | undefined =>
  listenersOn(facts, port).find((listener) => listener.pid !== undefined);

/** Who holds the port that Connect says its worker has: the worker, or what carries its ports (docker-proxy, ssh). */
const ownListener = (facts: Facts): Listener | undefined => ownerOf(facts, splitAddress(seen(facts, 'target')?.workerId ?? '')?.port);

/** The worker's process, known by its REST port. Where Connect has not named it, that may be a proxy before it. */
function workerListener(facts: Facts): Listener | undefined {
  const url = seen(facts, 'target')?.connectUrl ?? null;
  const port = url === null ? undefined : Number(new URL(url).port || (url.startsWith('https:') ? 443 : 80));
  return ownListener(facts) ?? ownerOf(facts, port);
}

export const workerPid = (facts: Facts): number | undefined => workerListener(facts)?.pid;

/** The worker's process where /proc shows how many descriptors it has: one that has a receiver's port too, so that it is no proxy before REST. */
export function workerFiles(facts: Facts): { pid: number; files: number; filesMax: number } | undefined {
  const { pid, files, filesMax } = workerListener(facts) ?? {};
  const hasReceiver = receiverViews(facts).some((view) => listenersOn(facts, view.address?.port).some((one) => one.pid === pid));
  return pid === undefined || files === undefined || filesMax === undefined || !hasReceiver ? undefined : { pid, files, filesMax };
}

/** What REST, receivers and metrics showed, as evidence. */
export const workerLooks = (facts: Facts): Evidence[] => [
  quote(facts, 'rest.list'),
  ...lookedAt(facts).map((view) => quote(facts, view.fact)),
  ...(isFailed(facts.metrics) ? [quote(facts, 'metrics')] : []),
];

/** The garbage collector of a worker that answers nothing, in percent of one processor: it is most of what the worker does. */
export function collectorAlone(facts: Facts, criticalPercent: number): { pid: number | undefined; percent: number } | undefined {
  const { pid, cpuPercent = 0, collectorPercent = 0 } = workerListener(facts) ?? {};
  const isMost = collectorPercent >= criticalPercent && collectorPercent * 2 >= cpuPercent;
  return isMost && isWorkerFrozen(facts) ? { pid, percent: collectorPercent } : undefined;
}

/** Programs that run many services: two of them with different pids are two services. Others with one name (docker-proxy, ssh) carry one service's ports. */
const RUNTIMES = /^(java|node|python)/;

/**
 * A process that holds the port and is not the worker's. Where the worker's own listener is not known, one that is neither a JVM
 * nor the program at the REST address, on a port that no OTLP receiver serves: a tunnel or port mapping serves well.
 */
export function foreignHolder(facts: Facts, port: number | undefined): Listener | undefined {
  const own = ownListener(facts);
  const guess = own === undefined ? workerListener(facts) : undefined;
  const serves = receiverViews(facts).some((view) => view.address?.port === port && view.state === 'serves');
  const isForeign = (listener: Listener): boolean => {
    if (listener.pid === undefined || listener.command === undefined) return false;
    if (own === undefined) return !serves && !/^(java|node)/.test(listener.command) && listener.command !== guess?.command;
    return listener.pid !== own.pid && (listener.command !== own.command || RUNTIMES.test(listener.command));
  };
  return listenersOn(facts, port).find(isForeign);
}

/** Another process than the worker has the port, and runs the same program: a second worker, not a proxy. */
export function isTwinOfWorker(facts: Facts, port: number): boolean {
  const [own, other] = [ownListener(facts), ownerOf(facts, port)];
  return own !== undefined && other !== undefined && own.pid !== other.pid && own.command === other.command;
}

const isForeignHolder = (facts: Facts, port: number | undefined): boolean => foreignHolder(facts, port) !== undefined;

/** `python3 (pid 3884)` */
export const processName = (listener: Listener): string =>
  listener.pid === undefined ? 'a process that could not be seen' : `${listener.command ?? 'a process'} (pid ${listener.pid})`;

/** The host that the task's worker is reached at. */
export const workerHost = (facts: Facts): string | undefined => {
  const target = seen(facts, 'target');
  const id = target?.workerId ?? connectorView(facts).tasks[0]?.worker_id ?? '';
  return id === '' ? undefined : (target?.workerHost ?? splitAddress(id)?.host);
};

/** True when the receivers' address was given and is not the worker's. */
export function isOtherHost(facts: Facts, host: string): boolean {
  const worker = workerHost(facts);
  return worker !== undefined && !sameHost(worker, host);
}

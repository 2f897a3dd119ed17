import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectUrl, curl, showStatus } from '../derive/commands.ts';
import { configValue, connectorView, isRunning, wasGiven } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { failedWith } from '../derive/failure.ts';
import { ownLook } from '../derive/kafka.ts';
import { mark } from '../derive/log.ts';
import { isLoopback, joinAddress } from '../address.ts';
import { at, receiverViews } from '../derive/receivers.ts';
import { lookAgain, remedy, restartAct, restartTheTask, restartWorkerAct } from '../derive/remedy.ts';
import { heldBack } from '../derive/rebalance.ts';
import { list } from '../derive/words.ts';
import { isOtherHost, workerHost } from '../derive/worker.ts';
import type { Facts } from '../facts/index.ts';
import type { Remedy } from '../report.ts';
import { RECEIVER_IDS, RECEIVER_STEPS, TASK_ECHOES } from './echoes.ts';

export const taskMissing = defineRule({
  id: 'task-missing',
  layer: 'task',
  scope: 'target',
  status: 'critical',
  explains: TASK_ECHOES,
  heading: 'Issue: Connector Not Running',
  meaning:
    'The connector object runs and has no task: Connect could not make its task configuration, or has not yet. Without a task nothing listens.',
  when({ facts }) {
    const view = connectorView(facts);
    if (view.status === undefined || view.tasks.length > 0 || view.state !== 'RUNNING') return undefined;
    return {
      sentence: `${view.name ?? 'The connector'} is RUNNING and has no task: nothing listens.`,
      evidence: [quote(facts, view.fact, `${view.path}tasks`)],
    };
  },
  remedies: ({ facts }) => [restartAct(facts, 'Start connector and task again.'), remedy('Then see what it becomes.', showStatus(facts))],
});

const WAITING = ['UNASSIGNED', 'RESTARTING'];

/** Connect lost Kafka, and Kafka answers now. Source: Kafka Connect, incremental rebalancing: a worker that comes back waits for its own old tasks. */
function kafkaIsBack(facts: Facts): string {
  const own = ownLook(facts);
  const wasLost = ['coordinator-unreachable', 'coordinator-lost'].some((key) => mark(facts, key) !== undefined);
  return own?.state === 'answers' && wasLost ? ` Kafka was away and answers again at ${own.at}.` : '';
}

/** Somebody restarts it just now: that takes a moment and ends by itself. */
function isRestarting(facts: Facts): boolean {
  const { state, tasks } = connectorView(facts);
  const states = [state, ...tasks.map((task) => task.state)];
  return states.includes('RESTARTING') && !states.includes('UNASSIGNED');
}

const afterALeave = (facts: Facts): Remedy[] => [
  remedy(
    'Start the worker that left again, or wait: Connect starts the task by itself, after 5 minutes at most by default.',
    showStatus(facts),
  ),
  restartWorkerAct(facts, 'Restarting the worker skips the delay; it stops every connector on it for that time.'),
];

export const taskUnassigned = defineRule({
  id: 'task-unassigned',
  layer: 'task',
  scope: 'target',
  status: 'critical',
  explains: TASK_ECHOES,
  heading: 'Issue: Connector Not Running',
  meaning:
    'No worker has the connector or its task at present. After a worker left, or Kafka was away for longer than the group waits, Connect holds tasks back for up to five minutes before it starts them again.',
  when({ facts }) {
    const view = connectorView(facts);
    const waiting = [
      ...(WAITING.includes(view.state ?? '') ? [`the connector is ${view.state ?? ''}`] : []),
      ...view.tasks.filter((task) => WAITING.includes(task.state)).map((task) => `task ${task.id} is ${task.state}`),
    ];
    if (waiting.length === 0) return undefined;
    const restarting = isRestarting(facts);
    const meanwhile = restarting
      ? 'a restart is under way, and its ports are closed for that moment'
      : 'no worker runs it, and its ports are closed until one does';
    return {
      sentence: `${list(waiting).replace(/^t/, 'T')}: ${meanwhile}.${heldBack(facts)}${kafkaIsBack(facts)}`,
      evidence: evidenceOf(
        quote(facts, view.fact, `${view.path}connector.state`),
        ...view.tasks.map((_, i) => quote(facts, view.fact, `${view.path}tasks.${i}.state`)),
        mark(facts, 'rebalance-delay') !== undefined && quote(facts, 'log', 'marks.rebalance-delay.text'),
      ),
      ...(restarting ? { status: 'warning' as const } : {}),
    };
  },
  remedies: ({ facts }) => (isRestarting(facts) ? [lookAgain(facts, 'Look again in a moment.')] : afterALeave(facts)),
});

export const taskFailed = defineRule({
  id: 'task-failed',
  layer: 'task',
  scope: 'target',
  status: 'critical',
  explains: TASK_ECHOES,
  heading: 'Issue: Connector Not Running',
  meaning:
    'The task failed for a cause that is not one of the known ones. Both ports, the queues and the metrics went with it; the deepest "Caused by" of its trace names the cause.',
  when({ facts }) {
    const failure = failedWith(facts, 'task-failed');
    return failure === undefined
      ? undefined
      : {
          sentence: `Task ${failure.task ?? 0} failed: ${failure.cause === '' ? 'no trace is shown' : failure.cause}. Both ports are closed with it.`,
          evidence: failure.evidence,
        };
  },
  remedies: ({ facts }) => [
    remedy('Read its whole trace, correct what it names.', showStatus(facts)),
    restartTheTask(facts, '', failedWith(facts, 'task-failed')?.task ?? 0),
  ],
});

/** A bind address that is one loopback literal keeps everybody else out, which is another cause than a task elsewhere: REST is then asked at that very worker. */
const isBoundToLoopback = (facts: Facts): boolean =>
  isLoopback(configValue(facts, 'otlp.bind.address') ?? '') && !isOtherHost(facts, new URL(connectUrl(facts)).hostname);

export const taskElsewhere = defineRule({
  id: 'task-elsewhere',
  layer: 'task',
  scope: 'target',
  status: 'critical',
  explains: [...RECEIVER_STEPS, ...RECEIVER_IDS],
  heading: 'Scaling Considerations',
  meaning:
    "In a cluster the receivers are open on the worker that runs the task, and a rebalance moves them. The address asked, and perhaps the senders' too, belongs to another worker.",
  when({ facts }) {
    const view = connectorView(facts);
    const host = workerHost(facts);
    const elsewhere = receiverViews(facts).filter(
      (receiver) =>
        wasGiven(facts, `otlp-${receiver.transport}`) &&
        receiver.state === 'refused' &&
        receiver.address !== null &&
        isOtherHost(facts, receiver.address.host),
    );
    if (host === undefined || elsewhere.length === 0 || !isRunning(view) || isBoundToLoopback(facts)) return undefined;
    return {
      sentence: `The task runs on worker ${view.tasks[0]?.worker_id ?? host}, so the receivers are there; nothing listens at ${list(elsewhere.map(at))}.`,
      evidence: [quote(facts, view.fact, `${view.path}tasks.0.worker_id`), ...elsewhere.map((receiver) => quote(facts, receiver.fact))],
    };
  },
  remedies({ facts }) {
    const host = workerHost(facts) ?? '';
    const there = receiverViews(facts).flatMap((view) => {
      const port = Number(configValue(facts, `otlp.${view.transport}.port`));
      return view.given && port > 0 ? [`--otlp-${view.transport}`, joinAddress({ host, port })] : [];
    });
    return [
      lookAgain(facts, `Send to ${host}, or through a balancer over all workers; look there.`, ...there),
      remedy('See which worker has it now.', curl(`${connectUrl(facts)}/connectors?expand=status`)),
    ];
  },
});

export const TASK_RULES: readonly Rule[] = [taskMissing, taskUnassigned, taskFailed, taskElsewhere];

import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectUrl, curl } from '../derive/commands.ts';
import { connectorView } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { heldBack } from '../derive/rebalance.ts';
import { tailByHand } from '../derive/log-by-hand.ts';
import { remedy, restartWorkerAct } from '../derive/remedy.ts';
import { at } from '../derive/receivers.ts';
import {
  isWorkerDown,
  isWorkerFrozen,
  isWorkerLost,
  isWorkerStarting,
  isStopped,
  lookedAt,
  workerLooks,
  workerPid,
} from '../derive/worker.ts';
import { list } from '../derive/words.ts';
import { seen } from '../facts/index.ts';
import { METRIC_IDS, METRIC_STEPS, RECEIVER_IDS, RECEIVER_STEPS, STATE_STEPS, TRAFFIC_IDS, WORKER_ECHOES } from './echoes.ts';
import { workerExhausted } from './worker-exhausted.ts';

export const workerDown = defineRule({
  id: 'worker-down',
  layer: 'worker',
  scope: 'target',
  status: 'critical',
  explains: WORKER_ECHOES,
  heading: 'Issue: Connector Not Running',
  meaning: 'REST, the receivers and every metrics source that was asked refuse: the Connect worker does not run. All else follows from it.',
  when({ facts }) {
    if (!isWorkerDown(facts)) return undefined;
    const receivers = lookedAt(facts).map(at);
    return {
      sentence: `The Connect worker at ${connectUrl(facts)} is not running: ${list(['REST', ...receivers])} refuse, and everything else follows from that.`,
      evidence: workerLooks(facts),
    };
  },
  remedies: ({ facts }) => [
    remedy('Read the end of its log for why it ended.', tailByHand(facts)),
    remedy(
      'Start the worker.',
      'systemctl start kafka-connect',
      'none',
      'bin/connect-distributed.sh config/connect-distributed.properties',
    ),
  ],
});

export const workerFrozen = defineRule({
  id: 'worker-frozen',
  layer: 'worker',
  scope: 'target',
  status: 'critical',
  explains: WORKER_ECHOES,
  heading: 'Emergency Shutdown',
  meaning:
    'REST and the receivers accept connections and answer nothing: the process is there and does not run. It is stopped, or held up by something as large as a full heap.',
  when({ facts }) {
    if (!isWorkerFrozen(facts)) return undefined;
    const pid = workerPid(facts);
    const who = pid === undefined ? 'The Connect worker' : `The Connect worker (pid ${pid})`;
    const views = lookedAt(facts).filter((view) => view.state === 'silent');
    return {
      sentence: `${who} ${isStopped(facts) ? 'is stopped (state T)' : 'is frozen'}: ${list(['REST', ...views.map((view) => view.name)])} ${views.length === 0 ? 'accepts connections and answers' : 'accept connections and answer'} nothing.`,
      evidence: evidenceOf(
        ...workerLooks(facts),
        seen(facts, 'host.listeners') !== undefined && quote(facts, 'host.listeners', 'listeners'),
      ),
    };
  },
  remedies({ facts }) {
    const pid = workerPid(facts);
    return [
      remedy(
        'Let it go on if it was stopped.',
        pid === undefined ? 'pgrep -fa ConnectDistributed' : `kill -CONT ${pid}`,
        'none',
        'kill -CONT PID',
      ),
      restartWorkerAct(facts, 'Or restart the worker: what it has queued is discarded, and every connector on it stops for that time.'),
    ];
  },
});

export const workerStarting = defineRule({
  id: 'worker-starting',
  layer: 'worker',
  scope: 'target',
  status: 'critical',
  explains: [
    ...STATE_STEPS,
    'worker-health',
    'connector-configuration',
    ...RECEIVER_STEPS,
    ...METRIC_STEPS,
    ...RECEIVER_IDS,
    ...METRIC_IDS,
    'connector-not-found',
  ],
  heading: 'Issue: Connector Not Running',
  meaning:
    'The worker answers but has not read its internal topics yet: no connector is known to it, and a 404 for a connector means nothing so far.',
  when({ facts }) {
    if (connectorView(facts).status !== undefined || !isWorkerStarting(facts)) return undefined;
    const message = seen(facts, 'rest.health')?.message;
    return {
      sentence: `The worker at ${connectUrl(facts)} is still starting and knows no connectors yet${message === undefined ? '' : ` (${message})`}.`,
      evidence: [quote(facts, 'rest.health'), quote(facts, 'rest.list')],
    };
  },
  remedies: ({ facts }) => [
    remedy(
      'Wait, then look again; if it lasts, look at how fast Kafka serves the internal topics.',
      curl(`${connectUrl(facts)}/health`, '-i', '-m', '15'),
    ),
    remedy('See what it is reading.', tailByHand(facts)),
  ],
});

export const workerLost = defineRule({
  id: 'worker-lost',
  layer: 'worker',
  scope: 'target',
  status: 'critical',
  explains: [
    ...STATE_STEPS,
    ...RECEIVER_STEPS,
    ...METRIC_STEPS,
    ...RECEIVER_IDS,
    ...METRIC_IDS,
    ...TRAFFIC_IDS,
    'metrics-unavailable',
    'task-unassigned',
  ],
  heading: 'Issue: Connector Not Running',
  meaning:
    'The worker that the status names is gone. What it last wrote, RUNNING, stands until Connect gives the task to another worker, by default five minutes later.',
  when({ facts }) {
    if (!isWorkerLost(facts)) return undefined;
    const view = connectorView(facts);
    const worker = view.tasks[0]?.worker_id ?? view.status?.connector.worker_id ?? '';
    return {
      sentence: `Worker ${worker}, which runs the task by Connect's answer, is gone: its REST and receivers refuse, and the ${view.tasks[0]?.state ?? view.state ?? ''} shown is stale.${heldBack(facts)}`,
      evidence: [
        quote(facts, 'rest.worker'),
        ...lookedAt(facts).map((receiver) => quote(facts, receiver.fact)),
        quote(facts, view.fact, `${view.path}tasks.0.worker_id`),
      ],
    };
  },
  remedies: ({ facts }) => [
    remedy(
      'Start that worker again, or wait: Connect moves the task after scheduled.rebalance.max.delay.ms, 5 minutes by default.',
      'systemctl start kafka-connect',
      'none',
      `on ${connectorView(facts).tasks[0]?.worker_id ?? 'that worker'}`,
    ),
  ],
});

export const WORKER_RULES: readonly Rule[] = [workerDown, workerFrozen, workerStarting, workerLost, workerExhausted];

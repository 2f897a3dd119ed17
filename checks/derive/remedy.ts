import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Remedy, Risk } from '../report.ts';
import { connectorCall, connectorUrl, connectUrl, curl, otlpctl, patchConfig, restartTask, shellWord } from './commands.ts';
import { connectorView, mayHaveOpenPorts } from './connector.ts';
import { backlogOf } from './queue.ts';
import { count } from './words.ts';

/** `byHand`: the same without otlpctl. */
export const remedy = (sentence: string, command: string, risk: Risk = 'none', byHand?: string): Remedy => ({
  sentence,
  command,
  risk,
  ...(byHand === undefined ? {} : { byHand }),
});

/** Remedies that change something: the action of otlpctl that does it, and the same by hand. */
type Act = { command: string; byHand: string };

const act = (sentence: string, { command, byHand }: Act, risk: Risk): Remedy => remedy(sentence, command, risk, byHand);

export const restartTaskAct = (facts: Facts, sentence: string, task = 0): Remedy =>
  act(sentence, { command: otlpctl(facts, `connector restart-task ${task}`), byHand: restartTask(facts, task) }, 'restart');

/**
 * Connector and tasks: by hand a plain restart leaves a failed task as it is. `force`: a person has taken the cause away by then, which otlpctl, that
 * refuses restarts which meet their cause again, does not see.
 */
export const restartAct = (facts: Facts, sentence: string, { force = false } = {}): Remedy =>
  act(
    sentence,
    {
      command: otlpctl(facts, `connector restart${force ? ' --force' : ''}`),
      byHand: curl(`${connectorUrl(facts, '/restart')}?includeTasks=true`, '-X', 'POST'),
    },
    'restart',
  );

const RESTART_WORKER = 'systemctl restart kafka-connect';

/** Every connector on the worker stops; the plan lists them. */
export const restartWorkerAct = (facts: Facts, sentence: string): Remedy =>
  act(
    sentence,
    { command: otlpctl(facts, `shutdown --rung worker --worker-command ${shellWord(RESTART_WORKER)}`), byHand: RESTART_WORKER },
    'outage',
  );

/** Shown by otlpctl, and run with --yes. */
export const firewallAct = (facts: Facts, sentence: string, ports: readonly number[]): Remedy =>
  act(
    sentence,
    { command: otlpctl(facts, 'firewall allow'), byHand: ports.map((port) => `sudo ufw allow ${port}/tcp`).join(' && ') },
    'none',
  );

export const resumeAct = (facts: Facts, sentence: string): Remedy =>
  act(sentence, { command: otlpctl(facts, 'connector resume'), byHand: connectorCall(facts, 'PUT', '/resume') }, 'none');

/** Null takes a key out. */
export function configAct(facts: Facts, sentence: string, keys: Record<string, string | null>, risk: Risk = 'restart'): Remedy {
  const entries = Object.entries(keys);
  const set = entries.flatMap(([key, value]) => (value === null ? [] : [shellWord(`${key}=${value}`)]));
  const gone = entries.flatMap(([key, value]) => (value === null ? [`--remove ${shellWord(key)}`] : []));
  const command = otlpctl(facts, ['connector config set', ...set, ...gone].join(' '));
  return act(sentence, { command, byHand: patchConfig(facts, keys) }, risk);
}

export const deployAct = (facts: Facts, sentence: string): Remedy =>
  act(
    sentence,
    {
      command: otlpctl(facts, 'connector deploy connector.json'),
      byHand: `${curl(`${connectUrl(facts)}/connectors`, '-X', 'POST', '-H', "'Content-Type: application/json'")} -d @connector.json`,
    },
    'none',
  );

/** What a stop of the task throws away. Source: connector-facts, "Lifecycle": the connector drains its queues into nothing, the bridge delivers them. */
export function atStake(facts: Facts): string {
  if (seen(facts, 'target')?.kind === 'bridge') return 'the bridge flushes its queues first';
  if (!mayHaveOpenPorts(connectorView(facts))) return 'nothing is queued while the task is down';
  const backlog = backlogOf(facts);
  const waiting = backlog?.messages;
  // What a line of the log did not show may have come since.
  if (waiting === undefined || (waiting === 0 && backlog?.source === 'log')) return 'whatever is queued is discarded';
  return waiting === 0 ? 'nothing is queued now' : `${count(waiting)} queued messages are discarded`;
}

const restartRisk = (facts: Facts): Risk =>
  seen(facts, 'target')?.kind !== 'bridge' && (backlogOf(facts)?.messages ?? 0) > 0 ? 'data-loss' : 'restart';

/** A plain restart of the connector leaves a failed task as it is: the task has to be named. */
export const restartTheTask = (facts: Facts, why: string, task = 0): Remedy =>
  restartTaskAct(facts, `${why} Then restart task ${task}: a plain connector restart does not restart it.`, task);

/** A changed configuration restarts the task by itself. */
export const changeConfig = (facts: Facts, sentence: string, keys: Record<string, string>): Remedy =>
  configAct(facts, `${sentence} Connect restarts the task with it: ${atStake(facts)}.`, keys, restartRisk(facts));

export const lookAgain = (facts: Facts, sentence: string, ...options: string[]): Remedy =>
  remedy(sentence, otlpctl(facts, 'doctor', ...options));

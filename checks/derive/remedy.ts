import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Remedy, Risk } from '../report.ts';
import { otlpctl, patchConfig, restartTask } from './commands.ts';
import { connectorView, mayHaveOpenPorts } from './connector.ts';
import { backlogOf } from './queue.ts';
import { count } from './words.ts';

export const remedy = (sentence: string, command: string, risk: Risk = 'none', byHand?: string): Remedy => ({
  sentence,
  command,
  risk,
  ...(byHand === undefined ? {} : { byHand }),
});

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
  remedy(`${why} Then restart task ${task}: a plain connector restart does not restart it.`, restartTask(facts, task), 'restart');

/** A changed configuration restarts the task by itself. */
export const changeConfig = (facts: Facts, sentence: string, keys: Record<string, string>): Remedy =>
  remedy(`${sentence} Connect restarts the task with it: ${atStake(facts)}.`, patchConfig(facts, keys), restartRisk(facts));

export const lookAgain = (facts: Facts, sentence: string, ...options: string[]): Remedy =>
  remedy(sentence, otlpctl(facts, 'doctor', ...options));

import { connectorView } from '../derive/connector.ts';
import { connectUrl } from '../derive/commands.ts';
import { nowOf } from '../derive/log.ts';
import { span } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import type { Diagnosis } from '../report.ts';
import type { ActionView } from './action.ts';
import type { PastRun } from './past-run.ts';
import { refuse, type Refusal } from './plan.ts';

/** Restarts that cannot help, and restarts in a loop. */

/** Causes that a restart meets again. What is free or whole by now is told apart by the diagnosis' own sentence. */
const SURVIVE_RESTART: Readonly<Record<string, string>> = {
  'port-in-use': 'the task meets the same port again',
  'port-permission-denied': 'the worker still may not open that port',
  'plugin-missing': 'the worker loads plug-ins when it starts, and no connector restart does that',
  'configuration-invalid': 'the task reads the same configuration again',
  'tls-files-unreadable': 'the task looks for the same file again',
  'kafka-unreachable': 'the task cannot begin without Kafka',
};

const isOver = ({ sentence }: Diagnosis): boolean => / is free now/.test(sentence);

const isRestart = (command: string): boolean => command.startsWith('otlpctl connector restart');

/** Why a restart cannot help, where a cause says so. */
export function cannotHelp(diagnoses: readonly Diagnosis[]): Refusal | undefined {
  const cause = diagnoses.find(
    (one) => one.status === 'critical' && one.because === null && SURVIVE_RESTART[one.id] !== undefined && !isOver(one),
  );
  if (cause === undefined) return undefined;
  const first = cause.remedies.find(({ command }) => !isRestart(command));
  return refuse(
    `a restart cannot help: ${cause.sentence.replace(/\.$/, '')}; ${SURVIVE_RESTART[cause.id]}`,
    first === undefined ? 'give --force to restart all the same' : `first: ${first.command} (or give --force)`,
  );
}

const MINUTE = 60_000;
/** Runs that are further apart are no loop. */
const LOOP_MS = 6 * 60 * MINUTE;
const MOST_MINUTES = 60;
const RESTARTS = ['connector restart', 'connector restart-task', 'drain-restart'];

/** Attempt n waits n·n + n minutes, at most an hour. Source: Strimzi, AutoRestart. */
const waitBefore = (attempt: number): number => Math.min(attempt * attempt + attempt, MOST_MINUTES) * MINUTE;

const ofThis = (facts: Facts, { connector, connectUrl: url, action }: PastRun): boolean =>
  RESTARTS.includes(action) && connector === connectorView(facts).name && url === connectUrl(facts);

/** A task that fails again and again: the restarts before this one, and how long to leave it alone now. */
export function inLoop(facts: Facts, past: readonly PastRun[]): Refusal | undefined {
  const view = connectorView(facts);
  if (![view.state, ...view.tasks.map(({ state }) => state)].includes('FAILED')) return undefined;
  const now = nowOf(facts);
  const recent = past.filter((run) => ofThis(facts, run) && now - run.at < LOOP_MS);
  const last = recent.at(-1);
  if (last === undefined) return undefined;
  const left = last.at + waitBefore(recent.length) - now;
  if (left <= 0) return undefined;
  const times = recent.length === 1 ? 'once' : `${recent.length} times`;
  return refuse(
    `${view.name} was restarted ${times} in the last ${span(Math.max(now - (recent[0]?.at ?? now), 1000))} and is FAILED again: the next restart waits ${span(left)}`,
    'find the cause with otlpctl doctor, or give --force',
  );
}

export const guarded = ({ facts, diagnoses, past, force }: ActionView<unknown>): Refusal | undefined =>
  force ? undefined : (cannotHelp(diagnoses) ?? inLoop(facts, past));

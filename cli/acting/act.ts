import { ACTIONS, type ActionId, type InputOf } from '../../checks/actions/index.ts';
import type { Action } from '../../checks/actions/action.ts';
import { isRefusal, type Plan } from '../../checks/actions/plan.ts';
import { diagnose } from '../../checks/diagnose.ts';
import { probesFor } from '../../checks/gather.ts';
import { joinAddress } from '../../checks/address.ts';
import type { Facts, Place } from '../../checks/facts/index.ts';
import { seen } from '../../checks/facts/index.ts';
import { badInput } from '../bad-input.ts';
import type { Outcome } from '../exit-codes.ts';
import { factsOf, type World } from '../facts-of.ts';
import type { OptionValues, ReadOptions } from '../read-options.ts';
import { targetOf } from '../target-options.ts';
import { changedSince } from './assumption.ts';
import { pastRuns, type RunTarget } from './audit.ts';
import { conditionOf, type Condition } from './condition.ts';
import { openConnect } from './connect-client.ts';
import { execute, type Ended } from './execute.ts';
import type { Journal } from './journal.ts';
import type { Exchange, Stage } from './stage.ts';

/** What an action needs beside a look. */
export type ActingWorld = Omit<World, 'windowSeconds'> & {
  journal: Journal;
  /** shows the plan; true: go on. Not asked for a dry run */
  agree(plan: Plan, notes: readonly string[]): Promise<boolean>;
  say(line: string): void;
  signal: AbortSignal;
};

export type ActingOptions = { dryRun: boolean; force: boolean; waitMs: number };

/** What became of it. `run`: null where nothing was recorded, because nothing was done. */
export type Acted = {
  action: string;
  run: string | null;
  dryRun: boolean;
  outcome: Outcome;
  sentence: string;
  target: RunTarget;
  plan: Plan;
  notes: string[];
  requests: Exchange[];
  before: Condition;
  after: Condition | null;
  /** from the first request to the promised state */
  ms: number;
};

/** State and ports: what tells whether a promise is kept. */
const WATCHED = probesFor(['rest.status', 'receiver.grpc', 'receiver.http', 'metrics']);
/** An exchange of a look at what came of it may hang so long. */
const WATCH_TIMEOUT_MS = 3_000;

/** Looks, plans, asks, sends, watches, looks again. Throws one sentence where there is no plan or nobody agrees: then nothing was sent. */
export async function act<Id extends ActionId>(
  id: Id,
  input: InputOf<Id>,
  options: ReadOptions,
  { dryRun, force, waitMs }: ActingOptions,
  world: ActingWorld,
): Promise<Acted> {
  const { journal } = world;
  const action = ACTIONS[id] as unknown as Action<InputOf<Id>>;
  const [facts] = await factsOf(options, { ...world, windowSeconds: action.windowSeconds ?? 0 }, 'refuse');
  const report = diagnose(facts);
  const target = targetOfRun(facts);
  const past = pastRuns(journal.runs());
  const made = action.plan({ facts, diagnoses: report.diagnoses, past, input, waitMs, force });
  const no = (sentence: string, hint?: string): never => {
    if (!dryRun) journal.refused(id, target, sentence);
    throw badInput(sentence, hint);
  };
  if (isRefusal(made)) return no(made.refused, made.hint);
  const before = conditionOf(facts, report);
  const notes = journal.unfinished(past, target);
  const acted = (ended: Ended, run: string | null = null, after: Condition | null = null, ms = 0): Acted => ({
    action: id,
    run,
    dryRun,
    outcome: ended.outcome,
    sentence: ended.sentence,
    target,
    plan: made,
    notes,
    requests: ended.exchanges,
    before,
    after,
    ms,
  });
  if (dryRun) return acted({ outcome: 'done', sentence: 'this is the plan; nothing was sent', exchanges: [] });
  if (made.already !== undefined) return acted({ outcome: 'done', sentence: `${made.already}: nothing to do`, exchanges: [] });
  if (!(await world.agree(made, notes))) return no('nobody agreed: nothing was sent');

  const watch = async (): Promise<Facts> => {
    const quick = {
      ...options,
      values: { ...portsToShut(made, facts), ...named(options, target).values, timeout: WATCH_TIMEOUT_MS / 1000 },
    };
    const [now] = await factsOf(quick, { ...world, windowSeconds: 0, probes: WATCHED }, 'ignore');
    return now;
  };
  const changed = changedSince(made.assumes, await watch());
  if (changed !== undefined) return no(`${changed} since the plan was made: nothing was sent`, 'run it again for a plan of what is so now');
  const run = journal.planned(id, target, made, before);
  const client = openConnect(targetOf(options.values));
  const stage: Stage = {
    client,
    look: watch,
    journal: (event) => journal.add(run, event),
    say: world.say,
    signal: world.signal,
    before: facts,
  };
  try {
    const began = performance.now();
    const ended = await execute(made, stage);
    const ms = Math.round(performance.now() - began);
    const after = world.signal.aborted ? null : await conditionAfter(options, world, target);
    journal.add(run, { event: 'ended', outcome: ended.outcome, sentence: ended.sentence, after });
    return acted(ended, run, after, ms);
  } catch (error) {
    journal.add(run, { event: 'ended', outcome: 'not-seen', sentence: `otlpctl itself failed: ${(error as Error).message}`, after: null });
    throw error;
  } finally {
    await client.close();
  }
}

/** The same checks as before, once more. */
async function conditionAfter(options: ReadOptions, world: ActingWorld, target: RunTarget): Promise<Condition> {
  const [facts] = await factsOf(named(options, target), { ...world, windowSeconds: 0 }, 'ignore');
  return conditionOf(facts);
}

/** Where the ports were that have to be closed: a connector that is gone or has no task says so no longer. */
function portsToShut({ steps }: Plan, facts: Facts): OptionValues {
  if (!steps.some((step) => step.kind === 'wait' && step.goal.ports === 'closed')) return {};
  const { grpc, http } = seen(facts, 'target') ?? { grpc: null, http: null };
  const isKnown = (place: Place | null): place is Place => place !== null && place.off !== true && place.assumed !== true;
  return {
    ...(isKnown(grpc) && { 'otlp-grpc': { host: grpc.host, port: grpc.port } }),
    ...(isKnown(http) && { 'otlp-http': new URL(`${http.tls === true ? 'https' : 'http'}://${joinAddress(http)}${http.path ?? ''}`) }),
  };
}

/** The connector that was meant, by name: it may be gone, or not the only one, a moment later. */
const named = (options: ReadOptions, { connector }: RunTarget): ReadOptions => ({
  ...options,
  values: { ...options.values, ...(connector !== null && { connector }) },
});

const targetOfRun = (facts: Facts): RunTarget => {
  const target = seen(facts, 'target');
  return {
    connector: target?.connector ?? null,
    connectUrl: target?.connectUrl?.replace(/\/+$/, '') ?? null,
    kind: target?.kind ?? 'unknown',
  };
};

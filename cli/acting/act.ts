import { ACTIONS, type ActionId, type InputOf } from '../../checks/actions/index.ts';
import type { Action } from '../../checks/actions/action.ts';
import { marksOf } from '../../checks/actions/marks.ts';
import { isRefusal, type Plan } from '../../checks/actions/plan.ts';
import { operatorsOf } from '../../checks/derive/operator.ts';
import { PROBES } from '../../checks/probes/all.ts';
import { kubernetesProbe } from '../../checks/probes/kubernetes.ts';
import { diagnose } from '../../checks/diagnose.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { seen } from '../../checks/facts/index.ts';
import { badInput, type SentenceError } from '../bad-input.ts';
import type { Outcome } from '../exit-codes.ts';
import { factsOf } from '../facts-of.ts';
import type { ReadOptions } from '../read-options.ts';
import { targetOf } from '../target-options.ts';
import { changedSince } from './assumption.ts';
import { pastRuns, type RunTarget } from './audit.ts';
import { conditionOf, type Condition } from './condition.ts';
import { openConnect, type ConnectClient } from './connect-client.ts';
import { carryOut } from './carry-out.ts';
import type { Exchange } from './stage.ts';
import { watcher } from './watch.ts';
import type { ActingOptions, ActingWorld, Around } from './world.ts';

/** What an action is told beside the facts; what of it Connect has to be asked for is asked with the client. Throws one sentence for what cannot be used. */
export type Prepare<Id extends ActionId> = (facts: Facts, client: ConnectClient) => InputOf<Id> | Promise<InputOf<Id>>;

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
  /** what was kept beside the record */
  files: string[];
  before: Condition;
  after: Condition | null;
  /** from the first request to the promised state */
  ms: number;
  /** somebody ended it */
  interrupted?: true;
};

/** A person said no: what comes after a no is not tried either. */
export const declined = (): SentenceError => Object.assign(badInput('nobody agreed: nothing was sent'), { declined: true });

/** Of a run that sent nothing and was not to. */
export const NOTHING_DONE = { run: null, outcome: 'done' as const, requests: [], files: [], after: null, ms: 0 };

/** Looks, plans, asks, sends, watches, looks again. Throws one sentence where there is no plan or nobody agrees: then nothing was sent. */
export async function act<Id extends ActionId>(
  id: Id,
  prepare: Prepare<Id>,
  options: ReadOptions,
  acting: ActingOptions,
  world: ActingWorld,
): Promise<Acted> {
  const client = openConnect(targetOf(options.values));
  const action = ACTIONS[id] as unknown as Action<InputOf<Id>>;
  let target: RunTarget = { connector: options.values.connector ?? null, connectUrl: null, kind: 'unknown' };
  try {
    const probes =
      action.kept === true && options.values['host-command'] !== undefined ? [...(world.probes ?? PROBES), kubernetesProbe] : world.probes;
    const [facts] = await factsOf(options, { ...world, windowSeconds: action.windowSeconds ?? 0, ...(probes && { probes }) }, 'refuse');
    target = targetOfRun(facts);
    return await planned(id, action, await prepare(facts, client), facts, { options, acting, world, client, target });
  } catch (error) {
    if (!acting.dryRun && (error as { code?: string }).code === 'bad-input') world.journal.refused(id, target, (error as Error).message);
    throw error;
  } finally {
    await client.close();
  }
}

async function planned<Input>(id: ActionId, action: Action<Input>, input: Input, facts: Facts, around: Around): Promise<Acted> {
  const { acting, world, target, options } = around;
  const { journal } = world;
  const report = diagnose(facts);
  const past = pastRuns(journal.runs());
  const plan = action.plan({ facts, diagnoses: report.diagnoses, past, input, waitMs: acting.waitMs, force: acting.force });
  if (isRefusal(plan)) throw badInput(plan.refused, plan.hint);
  const before = conditionOf(facts, report);
  const keepers = action.kept === true ? operatorsOf(facts) : [];
  const notes = [...journal.unfinished(past, target), ...keepers.map(({ note }) => note)];
  const untouched = (sentence: string): Acted => ({
    action: id,
    dryRun: acting.dryRun,
    sentence,
    target,
    plan,
    notes,
    before,
    ...NOTHING_DONE,
  });
  if (acting.dryRun) return untouched('this is the plan; nothing was sent');
  if (plan.already !== undefined) return untouched(`${plan.already}: nothing to do`);
  if (!(await world.agree(plan, notes))) throw declined();

  const marks = marksOf(facts);
  const look = watcher(plan, marks, options, target, world);
  const changed = plan.assumes === null ? undefined : changedSince(plan.assumes, await look());
  if (changed !== undefined)
    throw badInput(`${changed} since the plan was made: nothing was sent`, 'run it again for a plan of what is so now');
  const run = journal.planned(id, target, plan, before, marks);
  const { ended, after, ms } = await carryOut(run, plan, { marks, look, past: [], ended: undefined }, around);
  const { outcome, sentence, exchanges: requests, files, interrupted } = ended;
  return {
    action: id,
    run,
    dryRun: false,
    outcome,
    sentence,
    target,
    plan,
    notes,
    requests,
    files,
    before,
    after,
    ms,
    ...(interrupted && { interrupted }),
  };
}

export const targetOfRun = (facts: Facts): RunTarget => {
  const target = seen(facts, 'target');
  return {
    connector: target?.connector ?? null,
    connectUrl: target?.connectUrl?.replace(/\/+$/, '') ?? null,
    kind: target?.kind ?? 'unknown',
  };
};

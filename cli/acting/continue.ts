import type { Plan, PlanStep } from '../../checks/actions/plan.ts';
import { marksOf } from '../../checks/actions/marks.ts';
import { shellWord } from '../../checks/derive/commands.ts';
import { list } from '../../checks/derive/words.ts';
import { factsOf } from '../facts-of.ts';
import { badInput } from '../bad-input.ts';
import type { ReadOptions } from '../read-options.ts';
import { targetOf } from '../target-options.ts';
import { declined, NOTHING_DONE, type Acted } from './act.ts';
import type { ActingOptions, ActingWorld } from './world.ts';
import { pastRuns, type RunTarget } from './audit.ts';
import { carryOut } from './carry-out.ts';
import { openConnect } from './connect-client.ts';
import { findRun, type Found } from './find-run.ts';
import { isUnanswered, neverLeft, type StepPast } from './past-steps.ts';
import { named } from './stage.ts';
import { unreadable } from '../../checks/actions/not-there.ts';
import { watcher } from './watch.ts';
import { worldChange } from './world-change.ts';

/** Goes on with a run where its record ends: what left and was answered is not sent again, what was not answered is judged by what is seen. */
export async function continueRun(
  id: string,
  optionsFor: (found: Found) => ReadOptions,
  acting: ActingOptions,
  world: ActingWorld,
): Promise<Acted> {
  const { journal } = world;
  const found = findRun(journal.runs(), id, acting.force);
  const { planned, past, over } = found;
  const { plan, target, action, before } = planned;
  const known = { action, run: id, dryRun: acting.dryRun, target, before };
  if (over !== null) return { ...NOTHING_DONE, ...known, sentence: `${over}: nothing to do`, notes: [], plan: { ...plan, already: over } };

  const options = optionsFor(found);
  const client = openConnect(targetOf(options.values));
  try {
    const [facts] = await factsOf(options, { ...world, windowSeconds: 0 }, 'ignore');
    const no = plan.steps.some(({ kind }) => kind === 'request') ? unreadable(facts) : undefined;
    if (no !== undefined) throw badInput(no.refused, no.hint);
    const marks = planned.marks ?? marksOf(facts);
    const look = watcher(plan, marks, options, target, world);
    const changed = worldChange(found, pastRuns(journal.runs()), facts);
    const mustUndo = plan.steps.some(({ always }) => always === true) && past.some((one) => !neverLeft(one));
    if (changed !== undefined && !mustUndo)
      throw badInput(`${changed} since run ${id} was begun: nothing was sent`, `for a plan of what is so now: ${planned.command}`);
    const ended = changed === undefined ? undefined : ({ outcome: 'not-seen', sentence: `${changed} since it was begun` } as const);
    const steps = plan.steps.filter((step, at) => isLeft(step, past[at]) && (ended === undefined || step.always === true));
    const shown: Plan = { ...plan, title: `Go on with run ${id}: ${plan.title}`, steps, instead: [] };
    const notes = notesOf(plan, past, changed);
    refuseHidden(steps, planned.command);
    const about: Omit<Acted, 'outcome' | 'sentence'> = { ...NOTHING_DONE, ...known, plan: shown, notes };
    if (acting.dryRun) return { ...about, run: null, outcome: 'done', sentence: 'this is the plan; nothing was sent' };
    if (!(await world.agree(shown, notes))) throw declined();
    const now = ended === undefined ? worldChange(found, [], await look()) : undefined;
    if (now !== undefined) throw badInput(`${now} since run ${id} was begun: nothing was sent`);
    journal.continued(id);
    const around = { options, acting, world, client, target };
    const { ended: end, after, ms } = await carryOut(id, plan, { marks, look, past, ended }, around);
    return { ...about, outcome: end.outcome, sentence: end.sentence, requests: end.exchanges, files: end.files, after, ms };
  } finally {
    await client.close();
  }
}

const SENDS: readonly PlanStep['kind'][] = ['request', 'command', 'partitions'];

/** Something of the step is still to be done, or may be. */
const isLeft = (step: PlanStep, past: StepPast | undefined): boolean =>
  past === undefined || (SENDS.includes(step.kind) ? past.answered === null || neverLeft(past) : !past.seen);

const nameOf = (step: PlanStep): string =>
  step.kind === 'request' ? named(step) : step.kind === 'command' ? step.command.map(shellWord).join(' ') : step.does;

function notesOf({ steps }: Plan, past: readonly StepPast[], changed: string | undefined): string[] {
  const about = steps.flatMap((step, at) => {
    const own = past[at];
    if (own === undefined || neverLeft(own)) return [];
    const sentAt = new Date(own.sentAt ?? 0).toISOString();
    if (isUnanswered(own))
      return [`${nameOf(step)} left at ${sentAt}, and its answer is not known: what is seen tells whether it is sent again.`];
    const { status, failure } = own.answered!;
    return [
      `${nameOf(step)} is not done again: it ${status === null ? (failure === null ? 'was done' : `got ${failure}`) : `was answered ${status}`} at ${own.answered!.at}.`,
    ];
  });
  return changed === undefined ? about : [`${changed} since it was begun: only what was changed is put back.`, ...about];
}

/** Secrets are in no record, so what needs one cannot be sent from it. */
function refuseHidden(steps: readonly PlanStep[], command: string): void {
  const hidden = steps.find((step) => step.kind === 'request' && step.body?.includes('<redacted:') === true);
  if (hidden !== undefined)
    throw badInput(`${nameOf(hidden)} has a secret in it, and no record keeps one: nothing was sent`, `run it again: ${command}`);
}

/** The connector and the Connect of the record. Throws one sentence where others are named now. */
export function ofRecord(options: ReadOptions, { connector, connectUrl }: RunTarget, id: string): ReadOptions {
  const { values } = options;
  const bare =
    values['connect-url'] == null ? null : targetOf({ 'connect-url': values['connect-url'] }).connectUrl?.href.replace(/\/+$/, '');
  const said = [
    options.onCommandLine.includes('connect-url') && bare !== connectUrl ? `--connect-url is ${bare ?? 'none'}` : '',
    options.onCommandLine.includes('connector') && values.connector !== connector ? `--connector is ${values.connector}` : '',
  ].filter((text) => text !== '');
  if (said.length > 0)
    throw badInput(`run ${id} is about ${connector ?? 'no connector'} on ${connectUrl ?? 'no Connect'}, and ${list(said)}: leave it out`);
  const url = bare === connectUrl || connectUrl === null ? values['connect-url'] : new URL(connectUrl);
  return { ...options, values: { ...values, ...(url !== undefined && { 'connect-url': url }), ...(connector !== null && { connector }) } };
}

import type { Plan, PlanStep } from '../../checks/actions/plan.ts';
import { shellWord } from '../../checks/derive/commands.ts';
import { capital, span } from '../../checks/derive/words.ts';
import type { Acted } from '../acting/act.ts';
import type { RenderOptions } from './format.ts';
import { labelled } from './layout.ts';

const COLUMN = 9;

/** Requests as a person would read them: without Connect's own address, which the title has. */
function stepText(step: PlanStep): string {
  const within = (ms: number): string => `(${span(ms).replace('.0 ', ' ')})`;
  switch (step.kind) {
    case 'wait':
    case 'still':
      return `${step.does} ${within(step.deadlineMs)}`;
    case 'read':
    case 'mark':
    case 'keep':
    case 'partitions':
    case 'filter':
    case 'pause':
      return step.does;
    case 'command':
      return step.command.map(shellWord).join(' ');
    case 'request': {
      const { pathname, search } = new URL(step.url);
      return `${step.method} ${pathname}${search}${step.body === null ? '' : `  ${step.body}`}`;
    }
  }
}

/** To be copied, and so on one line. */
const isCommand = ({ kind }: PlanStep): boolean => kind === 'request' || kind === 'command';

/** A text in the column beside its label, wrapped; or as it is, where it is to be copied. */
type Row = { label: string; text: string; whole?: true };

/** What is about to be done, what it costs, and what else could be done. */
export function planText({ title, costs, steps, instead }: Plan, notes: readonly string[], { columns: width }: RenderOptions): string {
  const rows: Row[] = [
    ...notes.map((text) => ({ label: 'note', text })),
    ...costs.map((text) => ({ label: 'costs', text })),
    ...steps.map((step): Row =>
      isCommand(step)
        ? { label: 'does', text: stepText(step), whole: true }
        : { label: ['keep', 'partitions'].includes(step.kind) ? 'does' : 'waits', text: stepText(step) },
    ),
    ...instead.flatMap(({ sentence, command }): Row[] => [
      { label: 'instead', text: `${sentence}:` },
      { label: 'instead', text: command, whole: true },
    ]),
  ];
  const lines = rows.flatMap(({ label, text, whole }, at) => {
    const shown = rows[at - 1]?.label === label ? '' : label;
    return whole === true ? [`  ${shown.padEnd(COLUMN)}${text}`] : labelled(shown, text, { column: COLUMN, width });
  });
  return `${[title, ...lines].join('\n')}\n`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** A thing that just happened, with the time of day here. */
export const progressLine = (line: string, at: Date): string =>
  `  ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}  ${line}\n`;

/** How it ended; a dry run is its plan. */
export function actedText({ plan, target, dryRun, outcome, sentence, run, notes, after, ms }: Acted, options: RenderOptions): string {
  const name = target.connector ?? '';
  // A name keeps its own first letter.
  const told = (text: string): string => ((name !== '' && text.startsWith(name)) || plan.already !== undefined ? text : capital(text));
  if (dryRun) return `${planText(plan, notes, options)}${told(plan.already ?? sentence)}.\n`;
  if (run === null || plan.already !== undefined) return `${told(sentence)}.\n`;
  const recorded = ` Recorded as run ${run}.`;
  // What was paused, stopped or deleted on purpose is no news.
  const wanted = plan.steps.some((step) => step.kind === 'wait' && step.goal.connector !== 'RUNNING');
  const doctor = after === null || after.status === 'ok' || (wanted && outcome === 'done') ? '' : `Doctor now: ${after.summary}\n`;
  if (outcome === 'done') return `Done in ${span(ms)}.${recorded}\n${doctor}`;
  return `${told(sentence)}.${recorded}\n${doctor}`;
}

/** The whole of it; `requests` of a dry run are those that a run sends. */
export function actedJson({ plan, dryRun, requests, ...acted }: Acted): string {
  const planned = plan.steps.flatMap((step) => (step.kind === 'request' ? [{ method: step.method, url: step.url, body: step.body }] : []));
  const { title, costs, risk, steps, instead } = plan;
  return JSON.stringify({
    schemaVersion: 1,
    ...acted,
    dryRun,
    plan: { title, costs, risk, steps, instead },
    requests: dryRun ? planned : requests,
  });
}

/** The last of several runs, and how each of them ended. */
export const walkedJson = (last: Acted, rungs: readonly object[]): string =>
  JSON.stringify({ ...(JSON.parse(actedJson(last)) as object), rungs });

import type { Report } from '../../checks/report.ts';
import { labelled } from './layout.ts';
import { withLabel, type Line } from './line.ts';
import { clock, count, percent, span } from './numbers.ts';

/** The lines below the blame: what is lost, the path taken, what was looked at and what was not. */
const COLUMN = 13;

const row = (label: string, text: string, width: number): Line[] =>
  text === '' ? [] : withLabel('label', label, labelled(label, text, { column: COLUMN, width }));

/** Drops further off than this are no news. */
const SOON_SECONDS = 3600;

export function lossLines({ loss, at }: Report, width: number): Line[] {
  const losing = loss.inWindow !== null && loss.inWindow > 0;
  const parts = [
    ...(losing
      ? [`${count(loss.inWindow!)} in the window${loss.inWindowPercent === null ? '' : ` (${percent(loss.inWindowPercent)})`}`]
      : []),
    ...(loss.soFar !== null && loss.soFar > 0
      ? [`${count(loss.soFar)} so far${loss.since === null ? '' : ` since ${clock(loss.since, Date.parse(at))}`}`]
      : []),
  ];
  const seconds = losing ? null : loss.secondsUntilDrops;
  return [
    ...row('Lost', parts.join(', '), width),
    ...(seconds !== null && seconds < SOON_SECONDS
      ? row('Drops', `begin in about ${span(Math.max(1, seconds) * 1000)} at this rate`, width)
      : []),
  ];
}

const ANSWER = { yes: 'yes', no: 'NO', unknown: 'not known' } as const;

/** The questions up to the first without an answer, and where the path ends in the runbook; nothing when none was answered. */
export function pathLines(report: Report, width: number): Line[] {
  const first = report.path.findIndex(({ answer }) => answer === 'unknown');
  const walked = first < 0 ? report.path : report.path.slice(0, first + 1);
  if (walked.length === 0 || first === 0) return [];
  const ends = report.diagnoses.find(({ because, status }) => because === null && status !== 'ok');
  const heading = ends && ends.runbook !== '' ? [ends.runbook] : [];
  return row('Path', [...walked.map(({ step, answer }) => `${step} ${ANSWER[answer]}`), ...heading].join(' > '), width);
}

export function lookedLines({ looked, durationMs }: Report, width: number): Line[] {
  const what = looked.at.length === 0 ? 'nothing' : looked.at.join(', ');
  const changed = looked.sent === undefined ? 'nothing changed' : `${count(looked.sent)} of them marked and put on topics`;
  const requests = `${count(looked.requests)} request${looked.requests === 1 ? '' : 's'}`;
  return row('Looked at', `${what}; in ${span(durationMs)}, ${requests}, ${changed}`, width);
}

export function notLookedLines({ looked }: Report, width: number, whole: boolean): Line[] {
  const parts = looked.not.map(({ what, why, give }) => {
    const reason = give === undefined ? why : whole ? `${why}; give ${give}` : `give ${give}`;
    return `${what} (${reason})`;
  });
  return row('Not looked', parts.join(', '), width);
}

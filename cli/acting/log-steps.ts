import type { KeepStep, MarkStep } from '../../checks/actions/plan.ts';
import { bytes, count } from '../../checks/derive/words.ts';
import { logSince, markLog } from './log-window.ts';
import type { Going, Stage, StepEnd } from './stage.ts';

/** Nothing has been changed yet when this fails. */
export async function mark({ log }: MarkStep, index: number, stage: Stage, going: Going): Promise<StepEnd> {
  const marked = await markLog(log, stage.signal);
  if ('trouble' in marked) return { outcome: 'not-tried', sentence: `${marked.trouble}: nothing was changed` };
  going.mark = marked;
  stage.journal({ event: 'marked', step: index, mark: marked });
  return undefined;
}

export async function keep({ log }: KeepStep, index: number, stage: Stage, going: Going): Promise<StepEnd> {
  // It was not even marked, so there is nothing that it could be the log of.
  if (going.mark === null) return undefined;
  const piece = await logSince(log, going.mark, stage.signal);
  if ('trouble' in piece) return { outcome: 'not-seen', sentence: `the log was not kept: ${piece.trouble}` };
  const { text, leftOut, note } = piece;
  const lines = text.split('\n').length - 1;
  const file = stage.keep(text);
  going.files.push(file);
  stage.journal({ event: 'kept', step: index, file, lines, bytes: text.length, leftOut });
  const missing = [...(leftOut > 0 ? [`${bytes(leftOut)} more were left out`] : []), ...(note === null ? [] : [note])];
  stage.say(`${count(lines)} lines of the log (${bytes(text.length)}) are in ${file}${missing.map((one) => `; ${one}`).join('')}`);
  return undefined;
}

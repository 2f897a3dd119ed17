import type { Place, RunbookStep } from '../../../checks/catalogue/step.ts';
import { hashOf, type RunbookItem } from './runbook-text.ts';

/** Where catalogue and runbook differ, one sentence each: what has no step, and what stands in the text no more. */
export function driftOf(items: readonly RunbookItem[], steps: readonly RunbookStep[]): string[] {
  const places = steps.flatMap(({ id, places: all }) => all.map((place) => ({ id, ...place })));
  const isKept = (item: RunbookItem) =>
    places.some(
      ({ heading, commands, says }) =>
        heading === item.heading && (item.kind === 'command' ? commands.includes(item.text) : says.includes(hashOf(item.text))),
    );
  const isThere = (heading: string, kind: RunbookItem['kind'], kept: string) =>
    items.some((item) => item.heading === heading && item.kind === kind && (kind === 'command' ? item.text : hashOf(item.text)) === kept);
  const gone = ({ id, heading, commands, says }: Place & { id: string }) => [
    ...commands.filter((command) => !isThere(heading, 'command', command)).map((command) => `${id}: "${command}" is not in "${heading}"`),
    ...says
      .filter((hash) => !isThere(heading, 'instruction', hash))
      .map((hash) => `${id}: no instruction with hash ${hash} is in "${heading}"`),
  ];
  return [
    ...items
      .filter((item) => !isKept(item))
      .map(({ heading, line, kind, text }) => `line ${line}, ${kind} without a step under "${heading}": ${text}`),
    ...places.flatMap(gone),
  ];
}

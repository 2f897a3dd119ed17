import type { DrillBoard } from '../drill-switch.ts';
import type { RenderOptions } from './format.ts';
import { labelled } from './layout.ts';

type Render = (board: DrillBoard, show: { list: boolean }, options: RenderOptions) => string;

const COLUMN = 24;

function on({ on: drills, endsAt }: DrillBoard): string {
  if (drills.length === 0) return 'No drill is on.';
  return `On: ${drills.join(', ')}${endsAt ? `, until ${endsAt}` : '; otlpctl drill end ends it'}.`;
}

/** What is on, and with `list` all that there are. */
export const DRILL_RENDERERS: Readonly<Record<'text' | 'json', Render>> = {
  json: (board) => `${JSON.stringify({ schemaVersion: 1, ...board }, null, 2)}\n`,
  text(board, { list }, { columns }) {
    const rows = list
      ? (board.drills ?? []).flatMap(({ form, meaning }) => labelled(form, meaning, { indent: 0, column: COLUMN, width: columns }))
      : [];
    return `${[...rows, ...(rows.length > 0 ? [''] : []), on(board)].join('\n')}\n`;
  },
};

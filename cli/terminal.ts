type Environment = Readonly<Record<string, string | undefined>>;
type Stream = { isTTY?: boolean; columns?: number };

/** Colour only adds, so it is off wherever in doubt. Sources: no-color.org; FORCE_COLOR as in Node.js. */
export function colourOn(stream: Stream, env: Environment, noColour: boolean): boolean {
  if (noColour || env['NO_COLOR'] || ['1', 'true', 'yes', 'on'].includes(env['OTLPCTL_NO_COLOR'] ?? '')) return false;
  if (env['FORCE_COLOR'] !== undefined) return !['0', 'false'].includes(env['FORCE_COLOR']);
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

const NARROWEST = 40;
/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 100;

/** Columns to write in: the terminal's, else $COLUMNS, else 80. */
export function columnsOf(stream: Stream, env: Environment): number {
  const asked = stream.columns || Number(env['COLUMNS']) || 80;
  return Math.min(WIDEST, Math.max(NARROWEST, asked));
}

import type { ShownEntry } from '../log-entries.ts';
import type { LogRead } from '../log-reading.ts';
import { count } from './numbers.ts';
import type { RenderOptions } from './format.ts';
import { themeOf } from './theme.ts';

/** A log as it was read. */
export type LogView = LogRead & {
  place: string;
  entries: readonly ShownEntry[];
  omitted: number;
  /** since the task's start was asked for, and no start is in the log */
  startMissing: boolean;
};

const FRAME = /^\t(?:at |\.\.\. \d+ (?:more|common))/;
const two = (number: number): string => String(number).padStart(2, '0');

/** In local time, as the log has it. */
const stamp = (at: number): string => {
  const on = new Date(at);
  const day = `${on.getFullYear()}-${two(on.getMonth() + 1)}-${two(on.getDate())}`;
  return `[${day} ${two(on.getHours())}:${two(on.getMinutes())}:${two(on.getSeconds())},${String(on.getMilliseconds()).padStart(3, '0')}] `;
};

/** One entry: its lines as they are, in our time, frames of a trace counted; and below a known one its name with the meaning. */
export function entryText(
  entry: ShownEntry,
  { moved, verbosity, colour }: { moved: boolean } & Pick<RenderOptions, 'verbosity' | 'colour'>,
): string {
  const { lines, at, stampLength, means, level, left } = entry;
  const [first = '', ...below] = lines;
  const head = moved && at !== null ? `${stamp(at)}${first.slice(stampLength)}` : first;
  const theme = themeOf(colour);
  const frames = below.filter((line) => FRAME.test(line)).length + left;
  const rest = verbosity > 0 ? below : below.filter((line) => !FRAME.test(line));
  return [
    level === 'ERROR' || level === 'FATAL' ? theme.critical(head) : level === 'WARN' ? theme.warning(head) : head,
    ...rest.map((line) => line.replace(/^\t/, '    ')),
    ...(frames > 0 && verbosity === 0 ? [`    (${count(frames)} ${frames === 1 ? 'frame' : 'frames'} of the trace, -v shows them)`] : []),
    ...(means === null ? [] : [theme.label(`  -> ${means.id}: ${means.means}`)]),
    '',
  ].join('\n');
}

/** What a reader must know beside the lines. */
export function logNotes({ place, entries, omitted, startMissing, offsetMs, files, cut, unended }: LogView): string[] {
  return [
    ...(entries.length === 0 ? [`nothing to show in ${place}`] : []),
    ...(omitted > 0 ? [`${count(omitted)} earlier entries are left out (--lines N shows more)`] : []),
    ...(startMissing ? [`no start of the task is in ${place}: all that was read is shown`] : []),
    ...(files === undefined ? [] : [`read from ${files.join(', ')}`]),
    ...(cut === undefined ? [] : [`only the last ${Math.round(cut.readBytes / 1024 / 1024)} MiB of ${place} were read`]),
    ...(offsetMs === 0
      ? []
      : [`the log was written in another time zone: ${offsetMs > 0 ? '+' : ''}${offsetMs / 60_000} minutes make its times ours`]),
    ...(unended === true ? [`${place} did not end in time: what came until then is shown`] : []),
  ];
}

export type EntryJson = {
  at: string | null;
  level: string | null;
  connector: string | null;
  logger: string | null;
  message: string;
  /** lines below the first */
  trace: string[];
  means: ShownEntry['means'];
};

export const entryJson = ({ at, level, connector, logger, message, lines, means }: ShownEntry): EntryJson => ({
  at: at === null ? null : new Date(at).toISOString(),
  level,
  connector,
  logger,
  message,
  trace: lines.slice(1),
  means,
});

export const logJson = ({ place, entries, omitted, startMissing, offsetMs, files, cut, unended }: LogView): string =>
  JSON.stringify({
    schemaVersion: 1,
    place,
    files: files ?? [place],
    sinceStart: !startMissing,
    zoneOffsetMinutes: offsetMs / 60_000,
    omitted,
    ...(cut && { cut }),
    ...(unended && { unended }),
    entries: entries.map(entryJson),
  });

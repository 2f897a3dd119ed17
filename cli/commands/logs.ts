import { Flags } from '@oclif/core';
import { STDIN } from '../../checks/target.ts';
import { badInput } from '../bad-input.ts';
import { INTERRUPTS, onSignals } from '../endings.ts';
import { createCatalogue, createKeeper, lastOf, type Choice } from '../log-entries.ts';
import { logSource, type LogSource } from '../log-reading.ts';
import { LookCommand } from '../look-command.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { entryJson, entryText, logJson, logNotes } from '../render/logs.ts';
import { targetOf } from '../target-options.ts';

const NAMES = ['log-file', 'log-command', 'connector', 'timeout', 'verbose'] as const;
/** What a person scrolls through, and a JSON document holds. */
const LINES = 10_000;
const MOST_LINES = 1_000_000;

export default class Logs extends LookCommand {
  static override summary = "Shows the worker's log, each known line with its name and meaning, traces joined.";
  static override description =
    'Reads only; Connect is not asked. --follow goes on until Ctrl-C, the end of a command, or --timeout where it is given, also when the file is rotated; with it JSON is one document a line. Exit code: 0, or 3 when the log cannot be read.';
  static override examples = [
    '<%= config.bin %> logs --log-file /var/log/kafka/connect.log --since-start',
    "<%= config.bin %> logs --log-command 'kubectl logs -f connect-0' --follow --match dropped",
  ];
  static override flags = {
    'since-start': Flags.boolean({ summary: "only what was logged since the task's last start" }),
    follow: Flags.boolean({ char: 'f', summary: 'go on with what is written from now on' }),
    match: Flags.string({ helpValue: 'TEXT', summary: 'only entries with this text, or with this name in the catalogue' }),
    lines: Flags.string({ helpValue: 'N', summary: `at most the last N entries [${LINES}]` }),
    ...flagsFor(...NAMES),
    ...formatFlag('text', 'json'),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Logs);
    const options = this.options(NAMES, flags);
    const { values, given } = options;
    const { stdin, env } = this.surroundings;
    const target = targetOf(values);
    if (target.logFile === STDIN && stdin.isTTY === true)
      throw badInput('--log-file - reads the log from standard input, which is a terminal here: pipe a log into it, or name a file');
    const source = logSource(target, target.connector ?? null, { env, stdin: () => stdin });
    const choice = { sinceStart: flags['since-start'] === true, match: matchOf(flags.match), most: linesOf(flags.lines) };
    const isFollowed = flags.follow === true;
    if (isFollowed && choice.sinceStart && !source.hasPast)
      throw badInput('--since-start with --follow needs a file: of a stream nobody knows which start is the last (leave one of them out)');
    const timeoutMs = isFollowed && !given.includes('timeout') ? undefined : (values.timeout ?? 10) * 1000;
    const stop = new AbortController();
    const end = (): void => stop.abort();
    const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);
    const release = onSignals(this.surroundings, isFollowed ? INTERRUPTS : [], end);
    // Whoever read our output went away: there is nobody to follow it for.
    this.surroundings.stdout.on('error', end);
    try {
      const shape = { json: flags.format === 'json', verbosity: values.verbose === true ? 1 : 0 };
      await this.#show(source, choice, { ...shape, isFollowed, signal: stop.signal, deadlineMs: timeoutMs ?? 10_000 });
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  async #show(
    source: LogSource,
    choice: Choice,
    {
      json,
      verbosity,
      isFollowed,
      signal,
      deadlineMs,
    }: { json: boolean; verbosity: number; isFollowed: boolean; signal: AbortSignal; deadlineMs: number },
  ): Promise<void> {
    const catalogue = createCatalogue(choice);
    const { colour } = this;
    // A stream has no past that could be read before it is followed.
    if (!isFollowed || source.hasPast) {
      const keeper = createKeeper(choice, catalogue.wants);
      const read = await source.read(keeper.add, { signal, deadlineMs, now: Date.now() });
      const kept = lastOf(keeper, choice.most);
      const moved = read.offsetMs !== 0;
      const entries = kept.entries.map((entry) => catalogue.shown(entry, read.offsetMs));
      const view = { ...read, place: source.place, entries, omitted: kept.omitted, startMissing: choice.sinceStart && !kept.started };
      if (json && !isFollowed) return this.print(logJson(view), { kind: 'json' });
      if (json) for (const entry of entries) this.writer.jsonLine(entryJson(entry));
      else {
        this.print(entries.map((entry) => entryText(entry, { moved, verbosity, colour })).join(''));
        for (const note of isFollowed && entries.length === 0 ? [] : logNotes(view)) this.writer.err(`note: ${note}`);
      }
    }
    if (!isFollowed) return;
    await source.follow((entry, offsetMs) => {
      if (!catalogue.wants(entry)) return;
      const shown = catalogue.shown(entry, offsetMs);
      if (json) this.writer.jsonLine(entryJson(shown));
      else this.writer.out(entryText(shown, { moved: offsetMs !== 0, verbosity, colour }));
    }, signal);
  }
}

function matchOf(text: string | undefined): string | undefined {
  if (text === '') throw badInput('--match is empty: give the text that is to be in the lines');
  return text;
}

function linesOf(text: string | undefined): number {
  if (text === undefined) return LINES;
  const lines = Number(text);
  if (!/^\d{1,7}$/.test(text) || lines < 1 || lines > MOST_LINES)
    throw badInput(`--lines "${text}" is not a number of entries from 1 to ${MOST_LINES} (try 100)`);
  return lines;
}

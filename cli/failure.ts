import { isSentence, type SentenceCode } from './bad-input.ts';
import { list } from '../checks/derive/words.ts';
import { errnoWords } from './errno-words.ts';
import { didYouMean } from './near.ts';
import { variableOf } from './options.ts';
import type { Writer } from './writer.ts';

/** An error as the outside sees it: one sentence, and the hint on what to do where it stands apart. */
export type Failure = { code: SentenceCode | 'unknown-command' | 'usage' | 'internal'; message: string; hint: string | null };

/** What is read off oclif's errors. Their classes are not exported, so their shape tells them apart. */
type UsageError = Error & {
  flags?: string[];
  args?: { name?: string }[] | string[];
  parse?: { input?: { flags?: Record<string, { char?: string }> } };
  oclif?: unknown;
};

/** The rest of a message that oclif wrote for several lines, on one. */
const oneLine = (message: string) =>
  message
    .replace(/\u001b\[[\d;]*m/g, '')
    .replace(/\nSee more help with --help$/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');

const lowerFirst = (text: string) => (/^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text);

const helpOf = (command: string) => `see otlpctl ${command === '' ? '' : `${command} `}--help`;

function usage(error: UsageError, command: string): Failure {
  const hint = helpOf(command);
  const about = (message: string): Failure => ({ code: 'usage', message, hint });
  if (error.flags?.[0] !== undefined) {
    const [wrong] = error.flags[0].split('=') as [string];
    const own = Object.entries(error.parse?.input?.flags ?? {}).flatMap(([name, { char }]) => [`--${name}`, ...(char ? [`-${char}`] : [])]);
    const known = ['--help', ...own];
    return about(`${wrong}: no such option${wrong.startsWith('--') ? didYouMean(wrong, known) : ''}`);
  }
  const [first] = error.args ?? [];
  if (typeof first === 'string') return about(`"${first}" is one argument too many`);
  if (first && error.message.startsWith('Missing')) {
    return about(`${(error.args as { name: string }[]).map(({ name }) => name.toUpperCase()).join(' and ')} missing`);
  }
  const choice = /^Expected (--[\w-]+)=(.*) to be one of: (.*)$/.exec(oneLine(error.message));
  if (choice) return about(`${choice[1]} "${choice[2]}" is not one of ${choice[3]}`);
  const lonely = /^Flag (--[\w-]+) (expects .*|can only .*)$/.exec(oneLine(error.message));
  if (lonely) return about(`${lonely[1]} ${lonely[2]}`);
  const needed = [...error.message.matchAll(/Missing required flag ([\w-]+)/g)].map(([, name]) => `--${name}`);
  if (needed.length > 0) return about(`${list(needed)} ${needed.length === 1 ? 'is' : 'are'} needed`);
  return about(lowerFirst(oneLine(error.message)));
}

/** A word too many after a command looks to oclif like a command of more words. */
function notACommand(typed: string, commands: readonly string[]): Failure {
  if (typed.startsWith('-')) {
    const message = `${typed.split('=')[0]} stands where a command is expected: options come after it`;
    return { code: 'usage', message, hint: helpOf('') };
  }
  const inside = commands.find((name) => typed.startsWith(`${name} `));
  if (inside !== undefined)
    return { code: 'usage', message: `"${typed.slice(inside.length + 1)}" is one argument too many`, hint: helpOf(inside) };
  return { code: 'unknown-command', message: `"${typed}" is not a command${didYouMean(typed, commands)}`, hint: helpOf('') };
}

/** Output went to a file, and its disk or the quota on it has no room. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const isFull = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && error.syscall === 'write' && FULL.has((error as NodeJS.ErrnoException).code);

/** `command` as it was typed; `commands` all there are, words separated by spaces. */
export function failureOf(error: unknown, command: string, commands: readonly string[]): Failure {
  if (isSentence(error)) return { code: error.code, message: oneLine(error.message), hint: error.hint ?? null };
  const unknown = error instanceof Error ? /^command (.+) not found\.?$/i.exec(error.message)?.[1]?.replaceAll(':', ' ') : undefined;
  if (unknown !== undefined) return notACommand(unknown, commands);
  if (error instanceof Error && 'oclif' in error) return usage(error, command);
  if (isFull(error)) return { code: 'internal', message: `the output could not be written: ${errnoWords(error)}`, hint: null };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: 'internal',
    message: `something in otlpctl itself went wrong: ${oneLine(message)}`,
    hint: 'run it again with --debug to see where',
  };
}

/** `otlpctl: sentence`, the hint behind it. */
export const sentenceOf = ({ message, hint }: Failure): string => `otlpctl: ${message}${hint === null ? '' : `, ${hint}`}`;

export const documentOf = (failure: Failure): string => JSON.stringify({ schemaVersion: 1, error: failure });

type Environment = Readonly<Record<string, string | undefined>>;

/** Asked of the arguments themselves, since they may be what cannot be parsed. */
function wantsJson(argv: readonly string[], env: Environment): boolean {
  const at = argv.findLastIndex((word) => word === '--format' || word.startsWith('--format='));
  if (at < 0) return env[variableOf('format')] === 'json';
  return argv[at] === '--format=json' || (argv[at] === '--format' && argv[at + 1] === 'json');
}

/** Says it as it was asked for: a document on standard output, or a sentence beside it. */
export function tellFailure(failure: Failure, argv: readonly string[], env: Environment, writer: Pick<Writer, 'out' | 'err'>): void {
  if (wantsJson(argv, env)) writer.out(documentOf(failure), 'json');
  else writer.err(sentenceOf(failure));
}

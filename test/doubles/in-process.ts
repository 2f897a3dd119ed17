import { EventEmitter } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { Config, settings } from '@oclif/core';
import { resolve } from 'node:path';
import type { BaseCommand, Surroundings } from '../../cli/base-command.ts';
import { failureOf, tellFailure } from '../../cli/failure.ts';
import { createWriter } from '../../cli/writer.ts';
import { cleanEnv, otlpctl, type Ran, type RunOptions } from './otlpctl.ts';

const ROOT = resolve(import.meta.dirname, '../..');
type CommandClass = (new (argv: string[], config: Config) => BaseCommand) & { id: string };

settings.enableAutoTranspile = false;
/** Loaded once: it is the same for all commands. */
let config: Promise<Config> | undefined;

/** The command of these words, and what is left of them. */
async function commandOf(args: readonly string[]): Promise<{ command: CommandClass; argv: string[] }> {
  for (const length of [3, 2, 1]) {
    const words = args.slice(0, length);
    if (words.length < length || words.some((word) => !/^[a-z][a-z-]*$/.test(word))) continue;
    try {
      const { default: command } = (await import(`../../cli/commands/${words.join('/')}.ts`)) as { default: CommandClass };
      command.id = words.join(':');
      return { command, argv: args.slice(length) };
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error(`no command in ${args.join(' ')}`);
}

/** A run that is under way, and the signals that reach it. */
export type Running = { ran: Promise<Ran>; said(): string; signal(name: 'SIGINT' | 'SIGTERM'): void };

/**
 * The same command in this process, with streams, variables and signals of its own: a tenth of what a process costs.
 * What is about the process itself (its end, its terminal, being killed) is tested with one.
 */
export function start(args: readonly string[], { env = {}, input }: RunOptions = {}): Running {
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') =>
    new PassThrough().setEncoding('utf8').on('data', (text: string) => (ran[name] += text)) as unknown as Surroundings['stdout'];
  const signals = new EventEmitter();
  const surroundings: Surroundings = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    stdin: Readable.from(input === undefined ? [] : [input]),
    env: cleanEnv(env),
    exitCode: undefined,
    on: (name, listener) => signals.on(name, listener),
    off: (name, listener) => signals.off(name, listener),
  };
  const run = async (): Promise<Ran> => {
    const { command: Command, argv } = await commandOf(args);
    config ??= Config.load({ root: ROOT });
    const command = new Command([...argv], await config);
    command.surroundings = surroundings;
    try {
      await command.run();
      ran.code = Number(surroundings.exitCode ?? 0);
    } catch (error) {
      const failure = failureOf(error, Command.id.replaceAll(':', ' '), []);
      tellFailure(failure, args, surroundings.env, createWriter({ ...surroundings, colour: false }));
      ran.code = 3;
    }
    await new Promise((done) => setImmediate(done));
    return ran;
  };
  return { ran: run(), said: () => ran.stdout, signal: (name) => void signals.emit(name) };
}

/** `health` is a process always: its entry is a program of its own. */
export const inProcess = (args: readonly string[], options?: RunOptions): Promise<Ran> =>
  args[0] === 'health' ? otlpctl(args, options) : start(args, options).ran;

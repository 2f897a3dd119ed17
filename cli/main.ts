import { fileURLToPath } from 'node:url';
import { Config, run, settings, type Interfaces } from '@oclif/core';
import { packageFile } from '../proto/package-root.ts';
import { printable } from '../checks/redact.ts';
import { EXIT_OF_ERRORS } from './exit-codes.ts';
import { failureOf, sentenceOf, tellFailure } from './failure.ts';
import { variableOf } from './options.ts';
import { version } from './version.ts';
import { createWriter } from './writer.ts';

const BUILT = !import.meta.url.endsWith('.ts');
const ROOT = fileURLToPath(packageFile('.'));

/** oclif reads package.json; run from source, as tests do, the commands are found beside this file. */
async function loadOptions(): Promise<Interfaces.LoadOptions> {
  if (BUILT) return { root: ROOT };
  const { readFileSync } = await import('node:fs');
  const manifest = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as Interfaces.PJSON;
  const oclif = { ...manifest.oclif, commands: { strategy: 'pattern', target: './cli/commands', globPatterns: ['**/*.ts'] } };
  return { root: ROOT, pjson: { ...manifest, oclif } as Interfaces.PJSON, ignoreManifest: true };
}

const isDebug = (argv: readonly string[]) =>
  argv.includes('--debug') || ['1', 'true', 'yes', 'on'].includes(process.env[variableOf('debug')] ?? '');

/** `help doctor` and `version`, as other command lines have them, in our own form. */
function inOurWords(typed: readonly string[]): string[] {
  if (typed[0] === 'help') return [...typed.slice(1), '--help'];
  return typed.length === 1 && (typed[0] === 'version' || typed[0] === '-V') ? ['--version'] : [...typed];
}

/** One run of the command line. Never rejects: an error is one sentence and exit code 3. */
export async function main(typed: string[]): Promise<void> {
  const argv = inOurWords(typed);
  // Without this oclif looks for a TypeScript loader wherever NODE_ENV says test or development.
  settings.enableAutoTranspile = false;
  // The bin has looked at the version of Node.js; oclif would load a package to look once more.
  process.env['OCLIF_DISABLE_ENGINE_WARNING'] = '1';
  process.once('uncaughtException', (error) => crash(error, isDebug(argv)));
  const writer = createWriter({ stdout: process.stdout, stderr: process.stderr, colour: false });
  try {
    if (argv[0] === '--version') writer.out(`otlpctl ${version()}\n`);
    else await run(argv, await loadOptions());
  } catch (error) {
    if (hasEnded(error)) return;
    const commands = await commandNames();
    const words = argv.filter((word, index) => !word.startsWith('-') && argv.slice(0, index).every((earlier) => !earlier.startsWith('-')));
    const command = commands.filter((name) => ` ${words.join(' ')} `.startsWith(` ${name} `)).sort((a, b) => b.length - a.length)[0] ?? '';
    const failure = failureOf(error, command, commands);
    tellFailure(failure, argv, process.env, writer);
    if (isDebug(argv) && error instanceof Error) writer.err(error.stack ?? String(error));
    process.exitCode = EXIT_OF_ERRORS;
  }
}

/** Node.js would end with 1, which is WARNING to a monitoring system. Output that could not be written (a full disk) comes here too. */
function crash(error: Error, debug: boolean): never {
  const text = debug ? (error.stack ?? String(error)) : sentenceOf(failureOf(error, '', []));
  process.stderr.write(`${printable(text, { newlines: true })}\n`);
  // eslint-disable-next-line no-restricted-syntax -- nothing that is still open may keep a broken process alive, and stderr is written by now
  process.exit(EXIT_OF_ERRORS);
}

/** oclif ends a command by throwing: `--help` of a command does, with code 0. */
const hasEnded = (error: unknown): boolean =>
  (error as { code?: string; oclif?: { exit?: number } }).code === 'EEXIT' && (error as { oclif?: { exit?: number } }).oclif?.exit === 0;

async function commandNames(): Promise<string[]> {
  try {
    return (await Config.load(await loadOptions())).commandIDs.map((id) => id.replaceAll(':', ' '));
  } catch {
    return [];
  }
}

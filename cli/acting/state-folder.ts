import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { badInput } from '../bad-input.ts';
import { errnoWords } from '../errno-words.ts';
import { makeFolder } from '../record-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where otlpctl keeps what it did: `--state-dir`, else otlpctl/ in the state folder of the XDG base directories. */
export function stateFolder(given: string | undefined, env: Environment): string {
  if (given !== undefined) return given;
  const xdg = env['XDG_STATE_HOME'];
  return join(xdg && isAbsolute(xdg) ? xdg : join(env['HOME'] || homedir(), '.local', 'state'), 'otlpctl');
}

/** Made when it is missing, for its owner alone. Throws one sentence: nothing is changed that cannot be recorded. */
export function openStateFolder(folder: string): void {
  try {
    makeFolder(folder);
    if (statSync(folder).mode & 0o002) throw badInput(`--state-dir ${folder} may be written by everybody: give a folder of your own`);
  } catch (error) {
    if ((error as { code?: string }).code === 'bad-input') throw error;
    throw badInput(
      `${folder} cannot be used (${errnoWords(error)}), and nothing is changed that cannot be recorded`,
      'give another folder with --state-dir',
    );
  }
}

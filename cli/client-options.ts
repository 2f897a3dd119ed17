import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { ClientGiven } from '../checks/target.ts';
import { badInput } from './bad-input.ts';
import { errnoWords } from './errno-words.ts';
import type { OptionValues } from './read-options.ts';

/** An environment of more than that is none. Source: execve(2): a third of the stack, 2 MiB usually. */
const MOST_ENV_BYTES = 2 * 1024 * 1024;
/** What an SDK says last is what counts. */
const MOST_ERROR_BYTES = 64 * 1024;

function envFrom(file: string): NonNullable<ClientGiven['env']> {
  const asked = `--client-env ${file}`;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw badInput(`${asked} cannot be read: ${errnoWords(error)}`);
  }
  if (text.length > MOST_ENV_BYTES) throw badInput(`${asked} is too long for an environment: give the KEY=VALUE lines of one client`);
  const variables = parseEnv(text) as Record<string, string>;
  if (Object.keys(variables).length === 0)
    throw badInput(`${asked} has no line KEY=VALUE: write a client's environment into it, as with kubectl exec POD -- env > ${file}`);
  return { place: file, variables };
}

/** The end of a file of that name, or the text itself. */
function errorFrom(given: string): NonNullable<ClientGiven['error']> {
  if (!existsSync(given)) {
    if (/^[\w.~/-]+$/.test(given) && /[/.]/.test(given))
      throw badInput(
        `--client-error ${given} is no file, and too short for what a client says: give its error in quotes, or the file it is in`,
      );
    return { place: 'the error given', text: given };
  }
  try {
    const file = openSync(given, 'r');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, MOST_ERROR_BYTES));
      const read = readSync(file, bytes, 0, bytes.length, Math.max(0, size - bytes.length));
      const text = bytes.toString('utf8', 0, read);
      if (text.trim() === '') throw badInput(`--client-error ${given} is empty: there is no error of a client in it`);
      return { place: given, text };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw (error as { code?: string }).code === 'bad-input'
      ? error
      : badInput(`--client-error ${given} cannot be read: ${errnoWords(error)}`);
  }
}

/** What was given of a client, where anything was. */
export function clientOf(values: OptionValues): ClientGiven | undefined {
  const [file, pid, error] = [values['client-env'], values['client-pid'], values['client-error']];
  if (file !== undefined && pid !== undefined)
    throw badInput('--client-env and --client-pid are both given, and one client is judged at a time: leave one out');
  if (file === undefined && pid === undefined && error === undefined) return undefined;
  return {
    ...(file !== undefined && { env: envFrom(file) }),
    ...(pid !== undefined && { env: { pid } }),
    ...(error !== undefined && { error: errorFrom(error) }),
  };
}

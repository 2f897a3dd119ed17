import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../checks/actions/judge-config.ts';
import { runOnTerminal } from '../../checks/probes/outside-tool.ts';
import { badInput } from '../bad-input.ts';
import { commandWords } from '../command-words.ts';
import { configFrom, parseJson } from './config-file.ts';

const FILE = 'connector.json';

/** An editor that nobody named needs a terminal: without one it would wait for keys that never come. */
const editorOf = (env: Readonly<Record<string, string | undefined>>, hasTerminal: boolean): string[] => {
  const name = env['VISUAL'] ? 'VISUAL' : 'EDITOR';
  if (!env[name] && !hasTerminal)
    throw badInput('there is no terminal to edit on', 'set EDITOR to a program that needs none, or use otlpctl connector config set');
  return commandWords(env[name] || 'vi', name);
};

/** The configuration as a person leaves it in the editor; `shown` has tokens for secrets, which stay as they are when left alone. */
export async function edited(shown: Config, env: Readonly<Record<string, string | undefined>>, hasTerminal: boolean): Promise<Config> {
  const editor = editorOf(env, hasTerminal);
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-edit-'));
  const file = join(folder, FILE);
  try {
    writeFileSync(file, `${JSON.stringify(shown, Object.keys(shown).sort(), 2)}\n`, { mode: 0o600 });
    const code = await runOnTerminal([...editor, file]).catch((error: Error) => {
      throw badInput(`the editor could not be started: ${error.message}`, 'set EDITOR');
    });
    if (code !== 0) throw badInput(`${editor[0]} ended with exit code ${code}: nothing was sent`);
    return configFrom(parseJson(readFileSync(file, 'utf8'), 'what was edited'), 'what was edited').config;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

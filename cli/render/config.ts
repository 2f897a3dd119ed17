import { changeInWords } from '../../checks/actions/differences.ts';

type Config = Readonly<Record<string, string>>;
export type Diff = {
  connector: string;
  file: string;
  live: Config;
  changes: Readonly<Record<string, string | null>>;
  resets: readonly string[];
};
export type Judged = { file: string; wrong: readonly string[]; byConnect: boolean };

const json = (document: object): string => JSON.stringify({ schemaVersion: 1, ...document });
const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

export const configText = (config: Config): string =>
  lines(
    Object.keys(config)
      .sort()
      .map((key) => `${key}=${config[key]}`),
  );
export const configJson = json;

/** A line a key that differs, as `otlpctl connector deploy` would change it. */
export function diffText({ connector, file, live, changes, resets }: Diff): string {
  const keys = Object.keys(changes).sort();
  if (keys.length === 0) return `${file} is the live configuration of ${connector}.\n`;
  return lines([
    `${file} against the live configuration of ${connector}:`,
    ...keys.map((key) => `  ${changeInWords(key, live[key], changes[key])}`),
    ...(resets.length === 0
      ? []
      : [
          `Deployed as it is, the file would reset ${resets.length === 1 ? '1 key' : `${resets.length} keys`}: those whose new value is a default or nothing.`,
        ]),
  ]);
}
export const diffJson = ({ connector, file, changes, resets }: Diff): string => json({ connector, file, changes, resets });

export function validText({ file, wrong, byConnect }: Judged): string {
  const asked = byConnect ? [] : ['Connect did not judge it: it could not be asked.'];
  if (wrong.length === 0)
    return lines([...asked, `${file} can be deployed${byConnect ? ': Connect takes it' : ' as far as it was judged'}.`]);
  return lines([`${file} cannot be deployed:`, ...wrong.map((one) => `  ${one}`), ...asked]);
}
export const validJson = ({ file, wrong, byConnect }: Judged): string => json({ file, valid: wrong.length === 0, byConnect, wrong });

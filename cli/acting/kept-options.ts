import { resolve } from 'node:path';
import { ACTION_OPTIONS, variableOf, type OptionName } from '../options.ts';
import type { Raw } from '../read-options.ts';

/** Where an action looks, as text that can be read again: it stands in the record, so that a run can be gone on with. */

/** Not about where: why, and where the record itself is. */
const NOT_KEPT: readonly OptionName[] = ['reason', 'state-dir'];
const FILES: readonly OptionName[] = ['connect-auth-file', 'connect-ca', 'connect-cert', 'connect-key', 'log-file', 'kafka-config'];

/** No credentials go into a record: those in a URL are left out, those in files stay there. */
function kept(name: OptionName, text: string): string {
  if (FILES.includes(name)) return text === '-' ? text : resolve(text);
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === '' && url.password === '') return text;
  [url.username, url.password] = ['', ''];
  return url.href;
}

export function keptOptions(raw: Raw, env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    ACTION_OPTIONS.filter((name) => !NOT_KEPT.includes(name)).flatMap((name) => {
      const text = raw[name] ?? env[variableOf(name)];
      return typeof text === 'string' && text !== '' ? [[name, kept(name, text)]] : [];
    }),
  );
}

/** Recorded options with what is said now in their place; one in which a secret was hidden says nothing any more. */
export function withKept(options: Readonly<Record<string, string>>, raw: Raw, env: Readonly<Record<string, string | undefined>>): Raw {
  const usable = Object.entries(options).filter(
    ([name, text]) => raw[name] === undefined && !env[variableOf(name)] && !text.includes('<redacted:'),
  );
  return { ...raw, ...Object.fromEntries(usable) };
}

import type { Json } from './facts/index.ts';
import { mayBeNumber, secretKind, showsNothing, token } from './secret-keys.ts';

export { printable } from './printable.ts';

/**
 * Takes secrets out of a JSON value: first by the names of its keys, then by the shape of every text in it. Done again on its own result it changes nothing.
 * `{ name: 'sasl.jaas.config', value: '…' }`, as Connect's validation answers, counts as a key and its value.
 */
export function redactJson(value: Json): Json {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(redactJson);
  const named = [value['name'], value['key']].find(isKey);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = key === 'value' && named !== undefined ? named : key;
      const kind = secretKind(name);
      return [key, kind === undefined ? redactJson(inner) : underSecret(inner, name, kind)];
    }),
  );
}

/** A text that can be the name of a setting. */
const isKey = (name: Json | undefined): name is string =>
  typeof name === 'string' && /^[\w.-]{1,120}$/.test(name) && redactText(name) === name;

/** Everything under a secret's name is secret: texts in lists and objects too. */
function underSecret(value: Json, key: string, kind: string): Json {
  if (typeof value === 'string') return showsNothing(value) || (isNumeric(value) && !mayBeNumber(key, kind)) ? value : token(kind);
  if (typeof value === 'number') return mayBeNumber(key, kind) ? token(kind) : value;
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((inner) => underSecret(inner, key, kind));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, underSecret(inner, key, secretKind(name) ?? kind)]));
}

const isNumeric = (text: string): boolean => /^-?\d+(?:\.\d+)?$/.test(text);

type Shape = { find: RegExp; put: (...found: string[]) => string };

/** Secrets known by their shape alone. Each pattern is bounded: a long line costs time in proportion to its length. */
const SHAPES: readonly Shape[] = [
  {
    find: /-----BEGIN ([A-Z0-9 ]{1,40})-----[\s\S]*?(?:-----END \1-----|$)/g,
    put: (_all, what) => token((what ?? '').includes('PRIVATE KEY') ? 'private-key' : 'pem'),
  },
  // Up to the last @ before the path: passwords may hold one.
  { find: /\b([a-z][a-z0-9+.-]{0,15}:\/\/)[^\s/?#"'<>\\]{1,256}@/gi, put: (_all, scheme) => `${scheme}${token('userinfo')}@` },
  {
    find: /\b((?:proxy-)?authorization\\?["']?[ \t]*[:=][ \t]*\\?["']?)(?!<redacted:)(?:(?:basic|bearer|digest|negotiate|token)(?:[ \t]+|%20))?[^\s,;"'\\]+/gi,
    put: (_all, header) => `${header}${token('authorization')}`,
  },
  {
    find: /\b(Bearer|Basic)(\s|%20)+([A-Za-z0-9._~+/=-]{4,})/g,
    put: (all, scheme, space, value) => (isCredential(scheme ?? '', value ?? '') ? `${scheme}${space}${token('authorization')}` : all),
  },
  { find: /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?/g, put: () => token('token') },
  { find: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, put: () => token('api-key') },
  { find: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|glpat-[\w-]{15,})/g, put: () => token('token') },
  {
    find: /(Invalid value )(.{1,500}?)( for configuration )([\w.-]{1,120})/g,
    put: (all, before, value, between, key) => {
      const kind = secretKind(key ?? '');
      return kind === undefined || showsNothing(value ?? '') ? all : `${before}${token(kind)}${between}${key}`;
    },
  },
];

/** "Basic authentication" and "Bearer token" are words; `Basic dTpw` is a user and a password. */
function isCredential(scheme: string, value: string): boolean {
  if (scheme === 'Bearer') return /[0-9._~+/=]|[a-z][A-Z]/.test(value);
  try {
    return atob(value).includes(':');
  } catch {
    return false;
  }
}

/** Takes secrets out of free text: log lines, traces, error bodies, commands. */
export function redactText(text: string): string {
  let left = text;
  // What one secret hid can show another; a text without any is gone through once.
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const redacted = redactPairs(redactShapes(left));
    if (redacted === left) break;
    left = redacted;
  }
  return left;
}

const MOST_PASSES = 8;

const redactShapes = (text: string): string =>
  SHAPES.reduce(
    (left, { find, put }) =>
      left.replace(find, (...found: (string | number)[]) => put(...(found.filter((part) => typeof part === 'string') as string[]))),
    text,
  );

const PAIR = /(?<![\w.-])([\w.-]{2,120})(?:(\\?["'])?[ \t]*[=:][ \t]*|[ \t]+(?=\S))/g;
const QUOTED = /\\"(?:[^"\\]|\\(?!"))*\\"|"(?:[^"\\]|\\.)*"|'[^'\n]*'/y;
/** A reference is kept whole, closing brace included. */
const BARE = /(?:\$\{[^}\s]*\})+|[^\s,;&"'})\]\\]+/y;
/** JAAS is many words: everything up to its semicolon. */
const STATEMENT = /[^;\n]+/y;

/** `key=value`, `"key": "value"`, `key: value` and `--key value` where the key names a secret. */
function redactPairs(text: string): string {
  let result = '';
  let done = 0;
  PAIR.lastIndex = 0;
  for (let found = PAIR.exec(text); found !== null; found = PAIR.exec(text)) {
    const key = found[1] ?? '';
    const kind = secretKind(key);
    const spaced = !/[=:]/.test(found[0].slice(key.length));
    if (kind === undefined || (spaced && !key.startsWith('--'))) {
      // The next name may begin where this one's value would: `headers=api-key=…`.
      if (spaced) PAIR.lastIndex = found.index + key.length;
      continue;
    }
    const from = found.index + found[0].length;
    const value = valueAt(text, from, kind);
    if (value === undefined) continue;
    result += text.slice(done, value.from) + replacement(text.slice(value.from, value.to), key, kind);
    done = value.to;
    PAIR.lastIndex = Math.max(value.to, found.index + 1);
  }
  return result + text.slice(done);
}

function replacement(value: string, key: string, kind: string): string {
  return showsNothing(value) || (isNumeric(value) && !mayBeNumber(key, kind)) ? value : token(kind);
}

/** Where the value after a key stands, without its quotes. */
function valueAt(text: string, from: number, kind: string): { from: number; to: number } | undefined {
  const quoted = matchAt(QUOTED, text, from);
  if (quoted !== undefined) {
    const quotes = quoted.startsWith('\\') ? 2 : 1;
    return { from: from + quotes, to: from + quoted.length - quotes };
  }
  const bare = matchAt(kind === 'jaas' ? STATEMENT : BARE, text, from);
  return bare === undefined ? undefined : { from, to: from + bare.length };
}

function matchAt(pattern: RegExp, text: string, from: number): string | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0];
}

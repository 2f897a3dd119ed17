/**
 * Which names name a secret. One judgement for JSON keys, configuration keys, environment variables, flags and `key=value` in free text.
 * The kind goes into the token that stands in for the value: `<redacted:password>`.
 */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/jaas/i, 'jaas'],
  [/passphrase/i, 'passphrase'],
  [/password|passwd|(?:^|[-._])pwd$/i, 'password'],
  [/private[-._]?key|keystore[-._]key$/i, 'private-key'],
  [/api[-._]?key|access[-._]?key/i, 'api-key'],
  [/secret/i, 'secret'],
  [/sasl.*config/i, 'sasl'],
  [/user[-._]info$/i, 'userinfo'],
  [/credential/i, 'credential'],
  [/(?:^|[-._])(?:set-)?cookie$/i, 'cookie'],
  // `TopicAuthorizationException: …` is an error's name and has to be read.
  [/(?:^|[-._])authorization$/i, 'authorization'],
  [/token/i, 'token'],
];

/** Names that speak of a secret without holding it: where it lies, what kind it is, how long it is good for, what went wrong with it. */
const ABOUT =
  /(?:path|location|file|files|dir|directory|url|uri|endpoint|class|type|alias|provider|providers|algorithm|mechanism|format|enabled|exception|error|name|ms|seconds|expiry)$/i;

/** Names of counts and measures; numbers under them stay. */
const COUNT = /(?:count|total|rate|avg|max|min|size|number|length|limit|s)$/i;

/** The kind of secret that a value under this name is, or nothing. */
export function secretKind(key: string): string | undefined {
  if (ABOUT.test(key)) return undefined;
  return KINDS.find(([pattern]) => pattern.test(key))?.[1];
}

/** A number under a secret's name is a secret only where people choose numbers as secrets, and never when it is a count. */
export const mayBeNumber = (key: string, kind: string): boolean =>
  !COUNT.test(key) && ['password', 'passphrase', 'secret', 'api-key'].includes(kind);

export const token = (kind: string): string => `<redacted:${kind}>`;

/** A reference that Connect resolves itself: `${file:/etc/secrets.properties:password}`. */
const REFERENCES = /^(?:\$\{[^}]*\})+$/;

/** Values that show nothing: empty, references, Kafka's own mask, and what we have redacted already. */
export const showsNothing = (value: string): boolean =>
  value === '' || value === 'null' || value === '[hidden]' || REFERENCES.test(value) || /^<redacted:[a-z-]+>$/.test(value);

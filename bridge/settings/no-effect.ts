/** A value or default by its key, null where there is neither; in lower case. */
type Value = (name: string) => string | null;

const K = 'bridge.kafka.';
const unless = (name: string, value: Value, wanted: RegExp): string | null => {
  const is = value(name) ?? '';
  return wanted.test(is) ? null : `${name} is ${is}`;
};

/** Which keys do something only where others say so: why a key does nothing, or null. The first row that fits says it. */
const DEPENDS: readonly [keys: RegExp, why: (value: Value) => string | null][] = [
  [/^bridge\.kafka\./, (value) => unless('bridge.sink', value, /^kafka$/)],
  [/^bridge\.file\.dir$/, (value) => unless('bridge.sink', value, /^file$/)],
  [/^bridge\.ack\.timeout\.ms$/, (value) => unless('bridge.ack', value, /^kafka$/)],
  [/^bridge\.kafka\.sasl\./, (value) => unless(`${K}security.protocol`, value, /^sasl/)],
  [/^bridge\.kafka\.ssl\./, (value) => unless(`${K}security.protocol`, value, /ssl$/)],
  [
    /^bridge\.kafka\.ssl\.key\.password$/,
    (value) => (value(`${K}ssl.keystore.location`) === null ? `${K}ssl.keystore.location is not given` : null),
  ],
  [
    /^bridge\.allow\.unauthenticated$/,
    (value) =>
      value('bridge.auth.file') !== null && value('bridge.allow.unauthenticated') === 'true' ? 'bridge.auth.file is given' : null,
  ],
];

/** A sentence for each key of the bridge that was given and does nothing: who gave it, expects something of it. No value of theirs is in it. */
export function withoutEffect(given: readonly string[], value: Value): string[] {
  return given.flatMap((key) => {
    const why = DEPENDS.reduce<string | null>((found, [keys, reason]) => found ?? (keys.test(key) ? reason(value) : null), null);
    return why === null ? [] : [`${key} has no effect: ${why}`];
  });
}

/** How numbers, spans and lists are said: numbers with units and the span they were seen over, no locale of the machine. */

/** 10412 → `10,412`. */
export const count = (n: number): string => {
  const [whole = '0', part] = String(Math.round(n * 10) / 10).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
};

export const messages = (n: number): string => `${count(n)} ${n === 1 ? 'message' : 'messages'}`;

/** 5012 → `5.0 s`, 90000 → `1.5 min`, 7200000 → `2.0 h`. */
export const span = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 90_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 5_400_000) return `${(ms / 60_000).toFixed(1)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
};

/** Whole numbers from 10 on, one digit below: a rate is never more exact than its window. */
export const rate = (perSecond: number): string =>
  perSecond >= 10 ? count(Math.round(perSecond)) : String(Math.round(perSecond * 10) / 10);

export const percent = (value: number): string =>
  `${value >= 10 || value === 0 ? Math.round(value) : Math.max(0.1, Math.round(value * 10) / 10)} %`;

export const bytes = (n: number): string => {
  const units = ['B', 'kB', 'MB', 'GB'] as const;
  const step = Math.min(3, n < 1 ? 0 : Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** step;
  return `${step > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[step] ?? 'B'}`;
};

/** `a`, `a and b`, `a, b and c`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Time of day in UTC, as the report's own times. */
export const clock = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19) + ' UTC';

/** At most `max` characters of one line. */
export const oneLine = (text: string, max = 240): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
};

/** A sentence begins with a capital, except with a name that does not: gRPC. */
export const capital = (text: string): string => (/^[a-z][A-Z]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1));

/** What is broken in a counted run, when, and for how long. */
export const BREAKS = {
  'bridge-kill': 'kill -9 of the bridge, and it starts again',
  'bridge-stop': 'SIGTERM to the bridge, and it starts again',
  'broker-kill': 'kill -9 of the broker; it starts again after FOR seconds',
  'broker-freeze': 'SIGSTOP to the broker, SIGCONT after FOR seconds',
  'leaders-move': 'other brokers become leaders of all partitions (--brokers 3)',
  outage: 'kill -9 of all brokers; they start again after FOR seconds (--brokers 3)',
} as const;
export type Break = { what: keyof typeof BREAKS; atMs: number; forMs: number };

const ORDER = /^([a-z-]+)@(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?$/;

/** `bridge-kill@2,broker-freeze@5:4`: what, at which second, for how many. Throws one sentence for what it does not know. */
export function readBreaks(text: string): Break[] {
  if (text === '') return [];
  return text
    .split(',')
    .map((order) => {
      const [, what, at, lasts = '0'] = ORDER.exec(order) ?? [];
      if (what === undefined || !(what in BREAKS))
        throw new Error(`--break ${order}: give WHAT@SECOND or WHAT@SECOND:FOR, with ${Object.keys(BREAKS).join(', ')}`);
      return { what: what as Break['what'], atMs: Number(at) * 1000, forMs: Number(lasts) * 1000 };
    })
    .sort((a, b) => a.atMs - b.atMs);
}

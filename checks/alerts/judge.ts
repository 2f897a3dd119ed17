import { count, percent, rate, span } from '../derive/words.ts';
import type { Sample } from '../facts/index.ts';
import type { OverallStatus } from '../report.ts';
import type { Alert, Form, Measure } from './alert.ts';
import { RANGE_SECONDS } from './alert.ts';
import { evaluate, stillFor, type Holding } from './evaluate.ts';
import { attributesOf, isOverRange, type Condition } from './expression.ts';

/** silent: its condition does not hold; pending: it holds, and has not been seen to hold for long enough; unknown: it cannot be told. */
export const ALERT_STATES = ['silent', 'unknown', 'pending', 'firing'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** An alert as it is now. `status`: what it counts in the exit code. */
export type Judged = {
  id: string;
  state: AlertState;
  status: OverallStatus;
  signal: Alert['signal'];
  value: number | null;
  unit: Measure['unit'];
  /** one sentence: what was seen */
  seen: string;
  limit: string;
  /** since when its condition is seen to hold */
  since: number | null;
  forSeconds: number;
  rangeSeconds: number;
  /** over which the value was taken */
  spanMs: number;
  heading: string;
  about: readonly string[];
};

/** Readings in order of time, and why there are none, where that is so. */
export type History = { samples: readonly Sample[]; unknown?: string };

export function judge(alert: Alert, form: Form, { samples, unknown }: History): Judged {
  const condition = alert.condition(form);
  const base = {
    id: alert.id,
    signal: alert.signal,
    unit: alert.measure.unit,
    limit: alert.limit(form),
    forSeconds: alert.forSeconds,
    rangeSeconds: RANGE_SECONDS,
    heading: alert.heading,
    about: alert.about,
  };
  const notKnown = (seen: string): Judged => ({
    ...base,
    state: 'unknown',
    status: 'unknown',
    value: null,
    seen: `${seen}.`,
    since: null,
    spanMs: 0,
  });
  if (unknown !== undefined) return notKnown(unknown);
  if (condition === null) return notKnown('the size of the queues is not known: give --queue-size, or the address of Connect');
  const now = evaluate(condition, samples, RANGE_SECONDS * 1000);
  if (now.holds === null) return notKnown(whyNot(condition, samples));
  const value = Number.isFinite(now.value) ? now.value : null;
  const said = `${words(alert, now, condition, samples)}`;
  if (!now.holds) return { ...base, state: 'silent', status: 'ok', value, seen: `${said}.`, since: null, spanMs: now.spanMs };
  const { since, lasted } = heldSince(condition, samples, alert.forSeconds * 1000);
  const state = lasted ? 'firing' : 'pending';
  const sofar = state === 'firing' ? '' : `; it fires once that lasts ${span(alert.forSeconds * 1000)}`;
  return {
    ...base,
    state,
    status: state === 'firing' ? alert.status : alert.whilePending,
    value,
    seen: `${said}${sofar}.`,
    since,
    spanMs: now.spanMs,
  };
}

/** Readings further apart than this say nothing of what was between them; a history has one every 15 s. */
const GAP_MS = 90_000;

/**
 * Since when a condition that holds now has held without a break, and whether that is long enough. Counters that stood still over a whole range and longer prove all
 * times between, also where nobody looked.
 */
function heldSince(condition: Condition, samples: readonly Sample[], forMs: number): { since: number; lasted: boolean } {
  const last = samples.at(-1)!;
  let since = last.at;
  for (let end = samples.length - 1; end > 0; end--) {
    const { holds } = evaluate(condition, samples.slice(0, end), RANGE_SECONDS * 1000);
    if (holds !== true || since - samples[end - 1]!.at > GAP_MS) break;
    since = samples[end - 1]!.at;
  }
  const stillMs = condition.kind === 'still' ? stillFor(condition.attributes, samples) - RANGE_SECONDS * 1000 : 0;
  const heldMs = Math.max(last.at - since, stillMs);
  return { since: last.at - heldMs, lasted: heldMs >= forMs };
}

function whyNot(condition: Condition, samples: readonly Sample[]): string {
  const last = samples.at(-1);
  if (last === undefined) return 'nothing was read';
  const missing = attributesOf(condition).filter((attribute) => last.values[attribute] === undefined);
  if (missing.length > 0) return `the source does not have ${missing.join(', ')}`;
  return samples.length < 2
    ? 'one reading makes no rate: give --window, --previous or --prometheus-url'
    : 'the readings do not reach far enough';
}

const SAID: Readonly<Record<Measure['unit'], (value: number) => string>> = {
  percent,
  messages: count,
  'messages/s': (value) => `${rate(value)} messages/s`,
  series: count,
};

function words({ measure }: Alert, { value, spanMs }: Holding, condition: Condition, samples: readonly Sample[]): string {
  const over = spanMs > 0 && isOverRange(condition) ? ` over ${span(spanMs)}` : '';
  if (condition.kind === 'absent') {
    const missing = attributesOf(condition).filter((attribute) => samples.at(-1)?.values[attribute] === undefined);
    return missing.length === 0 ? `all ${condition.attributes.length} attributes are there` : `not there: ${missing.join(', ')}`;
  }
  if (condition.kind === 'still' && value === 0) return `${measure.what}: none for ${span(stillFor(condition.attributes, samples))}`;
  if (value === null) return `${measure.what}: not known${over}`;
  if (!Number.isFinite(value)) return `nothing was offered${over}`;
  return `${measure.what}: ${SAID[measure.unit](value)}${over}`;
}

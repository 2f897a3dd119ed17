import type { Facts, LogSeen, LogTrouble } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { LOG_EVENT } from '../../proto/vocabulary/events.ts';

/** What becomes of ERROR and WARN lines: harmless ones, ones that a diagnosis of its own reads, and the rest. */

const OWN_LOGGER = 'io.conduktor.connect.otel';

/** Lines of a healthy start, stop or answer. Seen on Kafka 3.9.1 and 4.1.0. */
const HARMLESS: readonly RegExp[] = [
  /^Session ID changed for /,
  /^MBean already registered/,
  /^Uncaught exception in REST call/,
  /^Error registering AppInfo mbean/,
  /After being scheduled for shutdown, the orphan task/,
  /^\[?.*Graceful stop of task/,
];

/** Lines that stand for a fault which other facts prove better: their diagnosis tells them, log-errors does not tell them twice. */
const TOLD_ELSEWHERE: readonly RegExp[] = [
  /event=(trace|metric|log)_(dropped|refused)/,
  /event=tls_not_implemented/,
  /event=otlp_receiver_start_failed/,
  /event=http_(trace|metrics|logs)_error/,
  /status=HIGH_QUEUE_UTILIZATION/,
  /Task threw an uncaught and unrecoverable exception/,
  /failed to send record to/i,
  /Error while starting connector/,
  /Failed to start connector/,
  /Connector '.*' restart failed/,
  /Connection to node .* could not be established/,
  /Failed to commit offsets/,
  /OutOfMemoryError|Too many open files/,
];

export type LineKind = 'harmless' | 'told-elsewhere' | 'finding';

export function kindOf(trouble: LogTrouble): LineKind {
  const event = /\bevent=(\w+)/.exec(trouble.message)?.[1];
  if (event !== undefined && LOG_EVENT.get(event)?.harmless === true) return 'harmless';
  if (HARMLESS.some((pattern) => pattern.test(trouble.message))) return 'harmless';
  if (TOLD_ELSEWHERE.some((pattern) => pattern.test(trouble.message) || (trouble.cause !== undefined && pattern.test(trouble.cause))))
    return 'told-elsewhere';
  return trouble.level === 'ERROR' || trouble.logger.startsWith(OWN_LOGGER) ? 'finding' : 'harmless';
}

export const findings = (log: LogSeen): LogTrouble[] => log.troubles.filter((trouble) => kindOf(trouble) === 'finding');

/** Stillness after which a line is history. Source: runbook "Recommended Alerts", five minutes. */
const RECENT_MS = 300_000;

/** When the looks were over: the moment that the judgement is about. */
export const nowOf = (facts: Facts): number => {
  const run = seen(facts, 'run');
  return run === undefined ? facts.run.at : run.startedAt + run.durationMs;
};

/** Log times have no zone: a line that seems to come from the future is measured against the log's own last line. */
export function isRecent(facts: Facts, lastAt: number | null): boolean {
  const log = seen(facts, 'log');
  const now = nowOf(facts);
  if (lastAt === null) return true;
  const until = lastAt > now + 60_000 ? (log?.lastAt ?? lastAt) : now;
  return until - lastAt <= RECENT_MS;
}

export function mark(facts: Facts, key: string): { count: number; lastAt: number | null; text: string } | undefined {
  const found = seen(facts, 'log')?.marks[key];
  return found !== undefined && found.count > 0 ? found : undefined;
}

export function recentMark(facts: Facts, key: string): { count: number; lastAt: number | null; text: string } | undefined {
  const found = mark(facts, key);
  return found !== undefined && isRecent(facts, found.lastAt) ? found : undefined;
}

export const eventCount = (facts: Facts, name: string): number => seen(facts, 'log')?.events[name]?.count ?? 0;

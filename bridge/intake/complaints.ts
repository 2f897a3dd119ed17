import type { Signal } from '../../proto/vocabulary/signals.ts';
import type { Log } from '../log.ts';

const LOGGER = 'io.conduktor.connect.otel.OtlpReceiver';
/** A line a second per event at most: a sender that repeats itself must not fill the log. */
const QUIET_MS = 1000;

const NAME: Readonly<Record<Signal, string>> = { traces: 'trace', metrics: 'metrics', logs: 'logs' };

export const exportErrorEvent = (signal: Signal): string => `${NAME[signal]}_export_error`;
export const postErrorEvent = (signal: Signal): string => `http_${NAME[signal]}_error`;

/** Says in the log why a request could not be read. Source: the connector's events `*_export_error` and `http_*_error`. */
export type Complain = (event: string, error: string) => void;

export function complaints(log: Log, now: () => number): Complain {
  const seen = new Map<string, { saidAt: number; unsaid: number }>();
  return (event, error) => {
    const last = seen.get(event);
    const at = now();
    if (last && at - last.saidAt < QUIET_MS) {
      last.unsaid++;
      return;
    }
    const more = last && last.unsaid > 0 ? ` (and ${last.unsaid} more since the line before)` : '';
    seen.set(event, { saidAt: at, unsaid: 0 });
    log({ level: 'ERROR', message: `event=${event} error=${error}${more}`, logger: LOGGER });
  };
}

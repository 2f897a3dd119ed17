import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { percent } from '../derive/words.ts';
import { isBridge, type Alert } from './alert.ts';
import { above, increase, number } from './expression.ts';
import { lossPercent, lostCounters, receivedCounter } from './quantities.ts';

const NAME: Readonly<Record<Signal, string>> = { traces: 'Traces', metrics: 'Metrics', logs: 'Logs' };

/** The runbook's drop alerts, and what it wants watched of each signal's attributes. */
const KINDS: readonly ((signal: Signal) => Alert)[] = [
  (signal) => ({
    id: `${NAME[signal]}QueueDropping`,
    title: `${signal} are dropped`,
    status: 'warning',
    whilePending: 'warning',
    signal,
    heading: 'Recommended Alerts',
    forSeconds: 0,
    measure: { what: 'dropped', unit: 'messages' },
    about: [SIGNAL[signal].dropped],
    meaning: [
      `It fires with the first Export request of ${signal} that is dropped, for no sender was told (over gRPC they are answered OK). How much it is of what was offered is said by ${NAME[signal]}LossHigh.`,
    ],
    related: ['drop-rate', 'queue-overflow', SIGNAL[signal].dropped],
    isOf: () => true,
    condition: () => above(increase(SIGNAL[signal].dropped), number(0)),
    limit: () => '> 0',
    summary: `${NAME[signal]} are being dropped on CONNECTOR`,
    description: `VALUE ${signal} requests were dropped by CONNECTOR within the range.`,
  }),
  (signal) => ({
    id: `${NAME[signal]}LossHigh`,
    title: `more than a little of the ${signal} is lost`,
    status: 'critical',
    whilePending: 'critical',
    signal,
    heading: 'Counter Metrics',
    forSeconds: 300,
    measure: { what: `lost of the ${signal} offered`, unit: 'percent' },
    about: [SIGNAL[signal].dropped, SIGNAL[signal].refused],
    meaning: [
      `The runbook wants "drop rate > 1 %" watched of ${SIGNAL[signal].dropped}: here it is the true loss of ${signal} within the range, which a loss of one signal among many of the others cannot hide in.`,
    ],
    related: ['drop-rate', 'queue-overflow', SIGNAL[signal].dropped],
    isOf: () => true,
    condition: (form) => above(lossPercent(form, signal), number(form.limits.lossPercent)),
    limit: ({ limits }) => `> ${percent(limits.lossPercent)}`,
    summary: `High loss of ${signal} on CONNECTOR`,
    description: `VALUE % of the ${signal} requests offered to CONNECTOR were lost within the range.`,
  }),
  (signal) => ({
    id: `${NAME[signal]}NotReceived`,
    title: `${signal} do not arrive any more`,
    status: 'warning',
    whilePending: 'ok',
    signal,
    heading: 'Counter Metrics',
    forSeconds: 300,
    measure: { what: `${signal} offered`, unit: 'messages' },
    about: [SIGNAL[signal].received],
    meaning: [
      `It fires when ${signal} came before and none comes any more. A signal that nobody sends is not missed: without that, the runbook's "rate drops to 0" would fire for ever on a target that is only sent the others.`,
    ],
    related: ['signal-intake', 'signal-unused', 'traffic-stopped', SIGNAL[signal].received],
    isOf: () => true,
    condition: (form) => {
      const all = [receivedCounter(signal), ...lostCounters(form, signal)];
      return { kind: 'still', attributes: all, before: all };
    },
    limit: () => 'none, after some',
    summary: `CONNECTOR is not receiving ${signal} any more`,
    description: `No ${signal} request was offered to CONNECTOR over the range, and some were before.`,
  }),
  (signal) => ({
    id: `${NAME[signal]}QueueRefusing`,
    title: `${signal} are refused`,
    status: 'warning',
    whilePending: 'warning',
    signal,
    heading: 'Issue 3: High Message Drop Rate',
    forSeconds: 0,
    measure: { what: 'refused', unit: 'messages' },
    about: [SIGNAL[signal].refused],
    meaning: [
      `The bridge does not drop at a full queue, it refuses: the sender of ${signal} is told to try again, and one that does loses nothing. It is the sign that comes before loss.`,
    ],
    related: ['drop-rate', 'queue-overflow', SIGNAL[signal].refused],
    isOf: isBridge,
    condition: () => above(increase(SIGNAL[signal].refused), number(0)),
    limit: () => '> 0',
    summary: `${NAME[signal]} are being refused on CONNECTOR`,
    description: `VALUE ${signal} requests were refused by CONNECTOR within the range; their senders were told.`,
  }),
];

/** By kind, then by signal, as the runbook lists them. */
export const SIGNAL_ALERTS: readonly Alert[] = KINDS.flatMap((alertOf) => SIGNALS.map(alertOf));

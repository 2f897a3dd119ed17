import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { isBridge, type Form } from './alert.ts';
import { atLeast, increase, isSome, minus, number, per, plus, times, value, type Term } from './expression.ts';

/** What alerts are made of. A dropped message is not in the connector's *Received*, so what was offered is both. Source: connector-facts, "Metrics (JMX)". */

/** Counters of what of one signal, or of all, was lost. Only the bridge tells senders no, and counts it. */
export const lostCounters = (form: Form, signal: Signal | null): string[] => {
  const [dropped, refused] =
    signal === null ? ['TotalMessagesDropped', 'TotalMessagesRefused'] : [SIGNAL[signal].dropped, SIGNAL[signal].refused];
  return isBridge(form) ? [dropped, refused] : [dropped];
};

export const receivedCounter = (signal: Signal | null): string => (signal === null ? 'TotalMessagesReceived' : SIGNAL[signal].received);

/** Percent of what was offered within the range. */
export function lossPercent(form: Form, signal: Signal | null): Term {
  const lost = plus(lostCounters(form, signal).map(increase));
  return per(times(number(100), lost), plus([increase(receivedCounter(signal)), ...lostCounters(form, signal).map(increase)]));
}

/** How many of the three queues are in use since the counters began. */
const queuesInUse = (form: Form): Term =>
  plus(SIGNALS.map((signal) => isSome(plus([receivedCounter(signal), ...lostCounters(form, signal)].map(value)))));

/** How many signals came within the range. */
export const busySignals = (form: Form): Term =>
  plus(SIGNALS.map((signal) => isSome(plus([receivedCounter(signal), ...lostCounters(form, signal)].map(increase)))));

/** What waits: the bridge's gauges are live; the connector's read 0 always, and there RecordsProduced counts what left the queues. */
export const waiting = (form: Form): Term =>
  isBridge(form)
    ? plus(SIGNALS.map((signal) => value(SIGNAL[signal].queueSize)))
    : minus(value('TotalMessagesReceived'), value('RecordsProduced'));

/** What the queues in use can hold; null where their size is not known. */
export function room(form: Form): Term | null {
  const size = isBridge(form) ? value('QueueCapacity') : form.queueSize === null ? null : number(form.queueSize);
  return size === null ? null : times(atLeast(queuesInUse(form), 1), size);
}

/** Fill of the fullest queue in percent; on the connector what it must have at least, which is exact where one signal is used. */
export function fillPercent(form: Form): Term | null {
  if (isBridge(form)) return value('MaxQueueUtilizationPercent');
  const hold = room(form);
  return hold === null ? null : per(times(number(100), waiting(form)), hold);
}

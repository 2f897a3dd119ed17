import { HELD_BYTES } from '../../proto/vocabulary/attributes.ts';
import { percent } from '../derive/words.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { isBridge, type Alert } from './alert.ts';
import { above, below, increase, number, per, rate, times, value, type Condition } from './expression.ts';
import { busySignals, fillPercent } from './quantities.ts';

const margin = (share: number): number => Math.round((1 + share / 100) * 1000) / 1000;

/** What the runbook's alerts cannot see. */
export const MORE_ALERTS: readonly Alert[] = [
  {
    id: 'OTLPPollCeiling',
    title: "the connector's poll loop is the limit",
    status: 'warning',
    whilePending: 'warning',
    signal: null,
    heading: 'Scaling Considerations',
    forSeconds: 180,
    measure: { what: 'leaving', unit: 'messages/s' },
    about: ['RecordsProduced'],
    meaning: [
      'The poll loop waits 100 ms on each empty queue and takes at most 100 messages of each a round: one busy signal leaves at about 480 a second, two at about twice that, whatever Kafka could take. It fires at that rate when messages are dropped or half a queue is full.',
      'A larger queue only delays the loss; larger client batches or a second connector do not. Three busy signals know no such limit, and the bridge has none.',
    ],
    related: ['poll-ceiling', 'queue-overflow', 'queue-near-capacity', 'RecordsProduced'],
    isOf: (form) => !isBridge(form),
    condition: (form) => {
      const ceiling = times(busySignals(form), number(form.limits.ceilingPerSecond));
      const fill = fillPercent(form);
      const dropping = above(increase('TotalMessagesDropped'), number(0));
      const pressing: Condition =
        fill === null ? dropping : { kind: 'any', of: [dropping, above(fill, number(THRESHOLDS.pollCeilingFillPercent))] };
      return {
        kind: 'all',
        of: [
          above(rate('RecordsProduced'), times(ceiling, number(margin(-THRESHOLDS.pollCeilingMarginPercent)))),
          below(rate('RecordsProduced'), times(ceiling, number(margin(THRESHOLDS.pollCeilingMarginPercent)))),
          below(busySignals(form), number(3)),
          pressing,
        ],
      };
    },
    limit: ({ limits }) => `about ${limits.ceilingPerSecond}/s a busy signal`,
    summary: 'The poll loop of CONNECTOR is the limit',
    description:
      'VALUE messages/s leave CONNECTOR, all that its poll loop takes of one or two busy signals: send larger batches, or to a second connector.',
  },
  {
    id: 'HighHeldBytes',
    title: 'the bridge holds nearly all the bytes it may',
    status: 'warning',
    whilePending: 'warning',
    signal: null,
    heading: 'Queue Metrics',
    forSeconds: 180,
    measure: { what: 'bytes held of what may be held', unit: 'percent' },
    about: [HELD_BYTES.held, HELD_BYTES.limit],
    meaning: [
      'All requests that the bridge holds share one limit in bytes, bridge.queue.max.bytes. Large requests reach it before any queue counts as full, and it refuses from there on.',
    ],
    related: ['queue-utilization', 'queue-near-capacity', HELD_BYTES.held],
    isOf: isBridge,
    condition: ({ limits }) => above(per(times(number(100), value(HELD_BYTES.held)), value(HELD_BYTES.limit)), number(limits.queuePercent)),
    limit: ({ limits }) => `> ${percent(limits.queuePercent)}`,
    summary: 'CONNECTOR holds nearly all the bytes it may',
    description: 'The bridge of CONNECTOR holds VALUE % of the bytes that it may hold: refusals are near.',
  },
];

export const ABSENT_ID = 'OTLPMetricsAbsent';

/** Stands beside all others: they are silent where their series are not there. `attributes`: those that they read. */
export const absentAlert = (attributes: readonly string[]): Alert => ({
  id: ABSENT_ID,
  title: 'series are not there',
  status: 'unknown',
  whilePending: 'unknown',
  signal: null,
  heading: 'Recommended Alerts',
  forSeconds: 300,
  measure: { what: 'attributes missing', unit: 'series' },
  about: [],
  meaning: [
    "Every other alert is silent when its series are absent: the exporter or the worker is down, the connector was deleted, its task failed, or the exporter's rules leave them out. This one fires then: nothing is known, which is not the same as well.",
  ],
  related: ['metrics-source', 'metrics-unavailable', 'metrics-absent'],
  isOf: () => true,
  condition: () => ({ kind: 'absent', attributes }),
  limit: () => 'any of those that alerts read',
  summary: 'Series of CONNECTOR are absent',
  description: 'Prometheus has not all series of CONNECTOR that its alerts read: no alert on it can be trusted.',
});

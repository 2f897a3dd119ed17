import { percent } from '../derive/words.ts';
import type { Alert } from './alert.ts';
import { isBridge } from './alert.ts';
import { above, number, per, times } from './expression.ts';
import { fillPercent, lossPercent, lostCounters, receivedCounter, room, waiting } from './quantities.ts';

const HEADING = 'Recommended Alerts';

/** The runbook's alerts on the whole connector, under its names and with its times. */
export const RUNBOOK_ALERTS: readonly Alert[] = [
  {
    id: 'OTLPNoMessagesReceived',
    title: 'nothing arrives any more',
    status: 'warning',
    whilePending: 'ok',
    signal: null,
    heading: HEADING,
    forSeconds: 300,
    measure: { what: 'offered', unit: 'messages' },
    about: ['TotalMessagesReceived'],
    meaning: [
      'Here it fires when something came before and nothing comes any more, neither accepted nor lost. A target that nobody has sent to yet is idle: say --expect traffic where that is a fault too.',
      'The runbook takes rate(otlp_TotalMessagesReceived[5m]) == 0, which fires on every idle target, and stays silent when the series is absent: exporter down, connector deleted, task failed. OTLPMetricsAbsent stands beside it for that.',
    ],
    related: ['message-intake', 'signal-intake', 'no-traffic', 'traffic-stopped', 'TotalMessagesReceived'],
    isOf: () => true,
    condition: (form) => {
      const all = [receivedCounter(null), ...lostCounters(form, null)];
      return { kind: 'still', attributes: all, before: form.expectTraffic ? [] : all };
    },
    limit: ({ expectTraffic }) => (expectTraffic ? 'none' : 'none, after some'),
    summary: 'OTLP connector CONNECTOR is not receiving messages',
    description: 'No message was offered to CONNECTOR over the range: senders have stopped, or do not get there.',
  },
  {
    id: 'HighMessageDropRate',
    title: 'messages are lost',
    status: 'critical',
    whilePending: 'critical',
    signal: null,
    heading: HEADING,
    forSeconds: 300,
    measure: { what: 'lost of what was offered', unit: 'percent' },
    about: ['TotalMessagesDropped', 'TotalMessagesRefused', 'DropRate'],
    meaning: [
      'Here it is the true loss within the range: dropped / (accepted + dropped), and on the bridge what was refused too.',
      'The runbook takes otlp_DropRate, which is dropped / accepted since the task started: it stays up for days after one burst, stays low through a fresh loss after a long history, passes 100 % under overload, and reads 0 when all is dropped from the start.',
    ],
    related: ['drop-rate', 'queue-overflow', 'DropRate'],
    isOf: () => true,
    condition: (form) => above(lossPercent(form, null), number(form.limits.lossPercent)),
    limit: ({ limits }) => `> ${percent(limits.lossPercent)}`,
    summary: 'High message loss on CONNECTOR',
    description: 'VALUE % of what senders offered to CONNECTOR was lost within the range.',
  },
  {
    id: 'HighProcessingLag',
    title: 'messages pile up',
    status: 'warning',
    whilePending: 'warning',
    signal: null,
    heading: HEADING,
    forSeconds: 300,
    measure: { what: 'waiting', unit: 'messages' },
    about: ['RecordsProduced', 'TotalLagCount'],
    meaning: [
      "Here it fires when what waits is more than a third of what the queues in use can hold: for three queues of the default size that is the runbook's 10000.",
      'The runbook takes 10000 whatever the size: with the default queue and one busy signal TotalLagCount cannot pass it, because the queue drops first.',
    ],
    related: ['produce-lag', 'sink-progress', 'TotalLagCount'],
    isOf: () => true,
    condition: (form) => {
      const hold = room(form);
      return hold === null ? null : above(waiting(form), per(times(hold, number(rounded(form.limits.lagPercent))), number(100)));
    },
    limit: (form) => {
      const share = `${percent(form.limits.lagPercent)} of the queues in use`;
      return form.queueSize === null || isBridge(form) ? `> ${share}` : `> ${share} (${form.queueSize} each)`;
    },
    summary: 'High processing lag on CONNECTOR',
    description: 'VALUE messages wait in the queues of CONNECTOR: they leave more slowly than they come.',
  },
  {
    id: 'HighQueueUtilization',
    title: 'a queue is nearly full',
    status: 'warning',
    whilePending: 'warning',
    signal: null,
    heading: HEADING,
    forSeconds: 180,
    measure: { what: 'fill of the fullest queue', unit: 'percent' },
    about: ['TracesQueueSize', 'MetricsQueueSize', 'LogsQueueSize', 'QueueCapacity', 'MaxQueueUtilizationPercent'],
    meaning: [
      'On the connector it is received - produced against the configured queue size, shared by the signals in use: what the fullest queue must hold at least. On the bridge the gauge is live and is taken as it is.',
      'The runbook takes otlp_MaxQueueUtilizationPercent, which the connector never sets: it reads 0 whatever the queues hold, and the alert cannot fire.',
    ],
    related: ['queue-utilization', 'queue-near-capacity', 'gauges-dead', 'MaxQueueUtilizationPercent'],
    isOf: () => true,
    condition: (form) => {
      const fill = fillPercent(form);
      return fill === null ? null : above(fill, number(form.limits.queuePercent));
    },
    limit: ({ limits }) => `> ${percent(limits.queuePercent)}`,
    summary: 'High queue utilization on CONNECTOR',
    description: 'The fullest queue of CONNECTOR is at least VALUE % full: drops are near.',
  },
];

/** A third as a number that a person can read in a rule. */
const rounded = (share: number): number => Math.round(share * 100) / 100;

import type { Rule, View } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { otlpctl } from '../derive/commands.ts';
import { connectorView, expects, isRunning } from '../derive/connector.ts';
import { hasClient } from '../derive/client.ts';
import { quote } from '../derive/evidence.ts';
import { at, receiverViews } from '../derive/receivers.ts';
import { stillMs } from '../derive/history.ts';
import { remedy } from '../derive/remedy.ts';
import { flowOf, received, restarts } from '../derive/series.ts';
import { count, list, span } from '../derive/words.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Facts } from '../facts/index.ts';
import { isSeen, seen } from '../facts/index.ts';
import type { Remedy } from '../report.ts';
import { INTAKE_STEPS } from './echoes.ts';

const HEADING = 'Issue 2: No Messages Received';

/** Nothing was offered over the window: how long, and what came before. */
function stillness({
  facts,
  thresholds,
}: Pick<View, 'facts' | 'thresholds'>): { spanMs: number; total: number; counts: boolean } | undefined {
  const metrics = seen(facts, 'metrics');
  const flow = flowOf(metrics);
  const last = metrics?.samples.at(-1);
  const total = last === undefined ? undefined : received(last);
  if (flow === undefined || total === undefined || flow.offered !== 0 || !isRunning(connectorView(facts))) return undefined;
  const spanMs = stillMs(facts, flow);
  return {
    spanMs,
    total,
    counts: expects(facts, 'traffic') || hasClient(facts) || spanMs >= thresholds.stillSeconds * 1000,
  };
}

const evidence = (facts: Facts, total: number) => [
  quote(facts, 'metrics', 'samples', `TotalMessagesReceived ${total}, nothing new`),
  ...(isSeen(facts['prometheus.history']) ? [quote(facts, 'prometheus.history', 'samples', 'nothing new')] : []),
];

const askSenders = (facts: Facts): Remedy[] => {
  const http = receiverViews(facts).find((view) => view.transport === 'http');
  return [
    remedy(
      "Look at a sender's environment: its endpoint should be one of these receivers, with the protocol that belongs to the port.",
      'env | grep OTEL_EXPORTER_OTLP',
    ),
    remedy(
      "See from a sender's host that the receiver is reached: 405 is the right answer.",
      `curl -si http://${http === undefined ? 'localhost:4318' : at(http)}/v1/traces`,
    ),
  ];
};

export const noTraffic = defineRule({
  id: 'no-traffic',
  layer: 'traffic',
  scope: 'target',
  status: 'warning',
  explains: INTAKE_STEPS,
  heading: HEADING,
  meaning:
    'The receivers serve and nothing has come since the counters began, though traffic is expected: senders are not set up, use another address, or do not get here.',
  when(view) {
    const still = stillness(view);
    if (still === undefined || !still.counts || still.total > 0) return undefined;
    return {
      sentence: `No message has arrived since the counters began, none over ${span(still.spanMs)}: senders do not send here.`,
      evidence: evidence(view.facts, 0),
    };
  },
  remedies: ({ facts }) => askSenders(facts),
});

export const trafficStopped = defineRule({
  id: 'traffic-stopped',
  layer: 'traffic',
  scope: 'target',
  status: 'warning',
  explains: INTAKE_STEPS,
  heading: HEADING,
  meaning:
    'Messages used to arrive and none does now, while the receivers serve and nothing is refused or dropped: the senders stopped, or something between did.',
  when(view) {
    const still = stillness(view);
    if (still === undefined || !still.counts || still.total === 0) return undefined;
    return {
      sentence: `No message arrived over ${span(still.spanMs)}, after ${count(still.total)} before: the senders have stopped, or do not get here any more.`,
      evidence: evidence(view.facts, still.total),
    };
  },
  remedies: ({ facts }) => askSenders(facts),
});

export const idle = defineRule({
  id: 'idle',
  layer: 'traffic',
  scope: 'target',
  status: 'ok',
  explains: [],
  heading: HEADING,
  meaning: 'Nothing was sent while we looked. That is a fault only where traffic is expected, which --expect traffic says.',
  when(view) {
    const still = stillness(view);
    if (still === undefined || still.counts) return undefined;
    return {
      sentence: `No message was sent over ${span(still.spanMs)} (${count(still.total)} since the counters began); say --expect traffic where that is a fault.`,
      evidence: evidence(view.facts, still.total),
    };
  },
  remedies: ({ facts }) => [remedy('Look again and expect traffic.', otlpctl(facts, 'doctor', '--expect', 'traffic'))],
});

export const signalUnused = defineRule({
  id: 'signal-unused',
  layer: 'traffic',
  scope: 'target',
  status: 'ok',
  explains: [],
  heading: 'Counter Metrics',
  meaning:
    'One or two of the three signals have never been sent to this connector while others are. An alert on the rate of each signal would fire on it for ever.',
  when({ facts }) {
    const metrics = seen(facts, 'metrics');
    const last = metrics?.samples.at(-1);
    if (metrics === undefined || last === undefined) return undefined;
    const never = SIGNALS.filter(
      (s) =>
        [SIGNAL[s].received, SIGNAL[s].dropped, SIGNAL[s].refused].every((name) => (last.values[name] ?? 0) === 0) &&
        last.values[SIGNAL[s].received] !== undefined,
    );
    const used = SIGNALS.some((s) => (last.values[SIGNAL[s].received] ?? 0) > 0);
    if (!used || never.length === 0) return undefined;
    return {
      sentence: `${list(never)} ${never.length === 1 ? 'has' : 'have'} not been sent here since the counters began.`.replace(/^./, (c) =>
        c.toUpperCase(),
      ),
      evidence: never.map((s) => quote(facts, 'metrics', `samples.${metrics.samples.length - 1}.values.${SIGNAL[s].received}`, 0)),
      signal: never.length === 1 ? (never[0] ?? null) : null,
    };
  },
  remedies: () => [],
});

export const countersRestarted = defineRule({
  id: 'counters-restarted',
  layer: 'traffic',
  scope: 'target',
  status: 'ok',
  explains: [],
  heading: 'Counter Metrics',
  meaning:
    'The counters fell between two readings: the task restarted, and they began at 0 again. Rates are taken from what they show since; on the connector a restart discards what was queued.',
  when({ facts }) {
    const samples = seen(facts, 'metrics')?.samples ?? [];
    const times = restarts(samples);
    if (times === 0) return undefined;
    const flow = flowOf({ samples });
    return {
      sentence: `The counters restarted ${times === 1 ? 'once' : `${times} times`} between the readings: the task was restarted, and ${count(flow?.received ?? 0)} messages came since.`,
      evidence: [quote(facts, 'metrics', 'samples', `${times} restart${times === 1 ? '' : 's'}`)],
    };
  },
  remedies: () => [],
});

export const TRAFFIC_RULES: readonly Rule[] = [noTraffic, trafficStopped, idle, signalUnused, countersRestarted];

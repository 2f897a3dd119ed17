import type { Rule } from '../rule.ts';
import { defineObserverRule } from '../rule.ts';
import { bracketed, hostOf, jmxPlace, sameHost, splitAddress } from '../address.ts';
import { curl, jmxTool } from '../derive/commands.ts';
import { connectorView, isRunning } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { disagreementOf } from '../derive/metrics-sources.ts';
import { lookAgain, remedy } from '../derive/remedy.ts';
import { isTwinOfWorker, isWorkerLost, kafkaGone, workerHost, workerPid } from '../derive/worker.ts';
import { count } from '../derive/words.ts';
import type { Address, Facts } from '../facts/index.ts';
import { isFailed, isUnasked, seen } from '../facts/index.ts';
import { METRIC_STEPS } from './echoes.ts';

/** What kept us from seeing the metrics. None of it is a fault of the target. */

const metricsUrl = (facts: Facts): string => {
  const target = seen(facts, 'target');
  return /https?:\/\/\S+|service:jmx:\S+/.exec(facts.metrics.source)?.[0] ?? target?.metricsUrl ?? target?.jmxUrl ?? '';
};

/** Host and port of it; JMX has no URL that one could take apart as others. */
function metricsAddress(facts: Facts): Address | undefined {
  const url = metricsUrl(facts);
  const place = jmxPlace(url);
  if (place !== undefined) return splitAddress(place);
  return URL.canParse(url) ? { host: hostOf(new URL(url)), port: Number(new URL(url).port) } : undefined;
}

/** The source asked by hand. */
const askedByHand = (url: string): string => (jmxPlace(url) === undefined ? curl(url, '-i') : jmxTool(url));

const isAbsent = (facts: Facts): boolean => isFailed(facts.metrics) && facts.metrics.failure === 'absent';

/** The source answers for a host that is not the task's worker, or, on one machine, for a process of its kind that is not it. */
function isOtherWorker(facts: Facts): boolean {
  const [place, worker] = [metricsAddress(facts), workerHost(facts)];
  if (place === undefined || worker === undefined) return false;
  return !sameHost(place.host, worker) || isTwinOfWorker(facts, place.port);
}

const taskShouldHaveMetrics = (facts: Facts): boolean =>
  isRunning(connectorView(facts)) && kafkaGone(facts) === undefined && !isWorkerLost(facts);

const OF_METRICS = { explains: METRIC_STEPS, heading: 'Key JMX Metrics' } as const;

export const metricsUnavailable = defineObserverRule({
  id: 'metrics-unavailable',
  ...OF_METRICS,
  meaning:
    'The metrics were asked for and could not be read. Rates, queues and losses are then not known, which is neither health nor a fault of the connector.',
  when({ facts }) {
    const fact = facts.metrics;
    const failed = isFailed(fact) && fact.failure !== 'absent' && fact.failure !== 'stale';
    if (!failed && !(isUnasked(fact) && fact.unasked === 'unknown')) return undefined;
    const why = isFailed(fact) ? fact.detail : fact.reason;
    return {
      sentence: `The metrics could not be read (${why}): rates, queues and losses are not known.`,
      evidence: [quote(facts, 'metrics')],
    };
  },
  remedies({ facts }) {
    const [url, fact] = [metricsUrl(facts), facts.metrics];
    if (isUnasked(fact) && fact.give !== undefined)
      return [lookAgain(facts, `Give ${fact.give}; or read the metrics over HTTP from an agent in the worker.`)];
    if (isFailed(fact) && (fact.status === 401 || fact.status === 403) && url !== '')
      return [
        remedy(
          'Give its user and password within the address, as in OTLPCTL_METRICS_URL=http://user:password@host:8778/jolokia/; neither is shown or recorded.',
          curl(url, '-i', '-u', '"$USER"'),
        ),
      ];
    return [
      remedy(
        'Start the metrics agent of the worker, or correct its address.',
        url === '' ? 'otlpctl explain metrics-unavailable' : askedByHand(url),
      ),
    ];
  },
});

export const metricsAbsent = defineObserverRule({
  id: 'metrics-absent',
  ...OF_METRICS,
  meaning:
    "The metrics source answers and the connector's series are not in it although its task runs: an exporter whose rules leave them out, or an agent in another process.",
  when({ facts }) {
    if (!isAbsent(facts) || isOtherWorker(facts) || !taskShouldHaveMetrics(facts)) return undefined;
    return {
      sentence: `The metrics source answers, but the series of ${seen(facts, 'target')?.connector ?? 'the connector'} are not in it although its task runs.`,
      evidence: [quote(facts, 'metrics')],
    };
  },
  remedies: ({ facts }) => [
    remedy(
      "Let the exporter's rules publish io.conduktor.connect.otel:type=OpenTelemetryConnector, or name the agent of the task's worker.",
      askedByHand(metricsUrl(facts)),
    ),
  ],
});

export const metricsStale = defineObserverRule({
  id: 'metrics-stale',
  ...OF_METRICS,
  meaning:
    'The source of the metrics answers with values that it read earlier and no longer renews, or renews more seldom than they were watched: the times on them say so. Rates made from them would be 0 while data flows.',
  when({ facts }) {
    const fact = facts.metrics;
    if (!isFailed(fact) || fact.failure !== 'stale') return undefined;
    return {
      sentence: `The metrics at ${metricsUrl(facts)} are old: ${fact.detail}. Rates, queues and losses are not known.`,
      evidence: [quote(facts, 'metrics')],
    };
  },
  remedies: ({ facts }) => [
    lookAgain(
      facts,
      "Read the worker's own agent; a page that something else collects is watched longer than it takes to be renewed.",
      '--window',
      '60',
      '--timeout',
      '70',
    ),
  ],
});

export const metricsDisagree = defineObserverRule({
  id: 'metrics-disagree',
  ...OF_METRICS,
  explains: [],
  meaning:
    'Two sources of the metrics, both read for this connector, have counters that no traffic between the two readings explains. One of them is of another worker, of an earlier start, or a page that something else keeps; which one, only its address tells. What is judged is what the richer source says.',
  when({ facts }) {
    const found = disagreementOf(facts);
    if (found === undefined) return undefined;
    const { name, here, there, source } = found;
    return {
      sentence: `Two sources of the metrics disagree: ${name} is ${count(here)} by ${facts.metrics.source} and ${count(there)} by ${source}, and no traffic between the readings explains it.`,
      evidence: [quote(facts, 'metrics', 'samples', here), quote(facts, 'metrics', 'others', there)],
    };
  },
  remedies: () => [
    remedy("See which process is behind either address, and leave out the one that is not the task's worker.", 'sudo ss -ltnp'),
  ],
});

/** The same source on another host, as an option and its value. */
function atWorker(source: string, host: string | undefined): [string, string] {
  const place = splitAddress(jmxPlace(source) ?? '');
  if (place !== undefined) return ['--jmx-url', source.replace(bracketed(place.host), bracketed(host ?? place.host))];
  const url = new URL(source);
  url.search = '';
  if (host !== undefined) url.hostname = bracketed(host);
  return ['--metrics-url', url.href];
}

export const metricsOfOtherWorker = defineObserverRule({
  id: 'metrics-of-other-worker',
  ...OF_METRICS,
  meaning:
    "In a cluster the connector's metrics live in the worker that runs its task. The address asked belongs to another worker: it answers, and has nothing of this connector.",
  when({ facts }) {
    if (!isAbsent(facts) || !isOtherWorker(facts) || !taskShouldHaveMetrics(facts)) return undefined;
    const worker = connectorView(facts).tasks[0]?.worker_id ?? '';
    const url = metricsUrl(facts);
    return {
      sentence: `The metrics were read at ${jmxPlace(url) ?? new URL(url).host}, but the task runs on worker ${worker}: that source has nothing of this connector.`,
      evidence: [quote(facts, 'metrics'), quote(facts, connectorView(facts).fact, `${connectorView(facts).path}tasks.0.worker_id`)],
    };
  },
  remedies({ facts }) {
    const pid = workerPid(facts);
    const place = metricsAddress(facts);
    if (place !== undefined && isTwinOfWorker(facts, place.port) && pid !== undefined)
      return [
        remedy(
          `See which ports the task's worker has: its metrics are on one of them, for --metrics-url or --jmx-url.`,
          `sudo ss -ltnp | grep pid=${pid},`,
        ),
      ];
    return [lookAgain(facts, "Read the metrics of the task's worker.", ...atWorker(metricsUrl(facts), workerHost(facts)))];
  },
});

export const METRICS_RULES: readonly Rule[] = [metricsUnavailable, metricsAbsent, metricsStale, metricsOfOtherWorker, metricsDisagree];

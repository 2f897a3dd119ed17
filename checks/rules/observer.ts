import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { curl } from '../derive/commands.ts';
import { connectorView, isRunning } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { sameHost } from '../address.ts';
import { lookAgain, remedy } from '../derive/remedy.ts';
import { isTwinOfWorker, isWorkerLost, kafkaGone, workerHost, workerPid } from '../derive/worker.ts';
import { list } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { isFailed, isSeen, isUnasked, seen } from '../facts/index.ts';
import { METRIC_STEPS } from './echoes.ts';

/** What kept us from seeing. None of it is a fault of the target. */

const metricsUrl = (facts: Facts): string => /https?:\/\/\S+/.exec(facts.metrics.source)?.[0] ?? seen(facts, 'target')?.metricsUrl ?? '';

const isAbsent = (facts: Facts): boolean => isFailed(facts.metrics) && facts.metrics.failure === 'absent';

/** The source answers for a host that is not the task's worker, or, on one machine, for a process of its kind that is not it. */
function isOtherWorker(facts: Facts): boolean {
  const [url, worker] = [metricsUrl(facts), workerHost(facts)];
  if (url === '' || worker === undefined || !URL.canParse(url)) return false;
  return !sameHost(new URL(url).hostname, worker) || isTwinOfWorker(facts, Number(new URL(url).port));
}

const taskShouldHaveMetrics = (facts: Facts): boolean =>
  isRunning(connectorView(facts)) && kafkaGone(facts) === undefined && !isWorkerLost(facts);

export const metricsUnavailable = defineRule({
  id: 'metrics-unavailable',
  layer: 'observer',
  scope: 'observer',
  status: 'unknown',
  explains: METRIC_STEPS,
  heading: 'Key JMX Metrics',
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
    const url = metricsUrl(facts);
    return [
      remedy(
        'Start the metrics agent of the worker, or correct its address.',
        url === '' ? 'otlpctl explain metrics-unavailable' : curl(url, '-i'),
      ),
    ];
  },
});

export const metricsAbsent = defineRule({
  id: 'metrics-absent',
  layer: 'observer',
  scope: 'observer',
  status: 'unknown',
  explains: METRIC_STEPS,
  heading: 'Key JMX Metrics',
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
      curl(metricsUrl(facts), '-i'),
    ),
  ],
});

export const metricsStale = defineRule({
  id: 'metrics-stale',
  layer: 'observer',
  scope: 'observer',
  status: 'unknown',
  explains: METRIC_STEPS,
  heading: 'Key JMX Metrics',
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

export const metricsOfOtherWorker = defineRule({
  id: 'metrics-of-other-worker',
  layer: 'observer',
  scope: 'observer',
  status: 'unknown',
  explains: METRIC_STEPS,
  heading: 'Key JMX Metrics',
  meaning:
    "In a cluster the connector's metrics live in the worker that runs its task. The address asked belongs to another worker: it answers, and has nothing of this connector.",
  when({ facts }) {
    if (!isAbsent(facts) || !isOtherWorker(facts) || !taskShouldHaveMetrics(facts)) return undefined;
    const worker = connectorView(facts).tasks[0]?.worker_id ?? '';
    return {
      sentence: `The metrics were read at ${new URL(metricsUrl(facts)).host}, but the task runs on worker ${worker}: that source has nothing of this connector.`,
      evidence: [quote(facts, 'metrics'), quote(facts, connectorView(facts).fact, `${connectorView(facts).path}tasks.0.worker_id`)],
    };
  },
  remedies({ facts }) {
    const url = new URL(metricsUrl(facts));
    const pid = workerPid(facts);
    if (isTwinOfWorker(facts, Number(url.port)) && pid !== undefined)
      return [
        remedy(
          `See which ports the task's worker has: its metrics are on one of them, for --metrics-url.`,
          `sudo ss -ltnp | grep pid=${pid},`,
        ),
      ];
    url.search = '';
    url.hostname = workerHost(facts) ?? url.hostname;
    return [lookAgain(facts, "Read the metrics of the task's worker.", '--metrics-url', url.href)];
  },
});

const isCommand = (facts: Facts): boolean => seen(facts, 'target')?.logCommand !== undefined;

export const logUnavailable = defineRule({
  id: 'log-unavailable',
  layer: 'observer',
  scope: 'observer',
  status: 'unknown',
  explains: ['log-lines', 'log-source'],
  heading: 'Troubleshooting',
  meaning: 'The log was named and could not be read. No error seen there is then not the same as no error in it.',
  when({ facts }) {
    const fact = facts.log;
    if (!isFailed(fact) && !(isUnasked(fact) && fact.unasked === 'unknown')) return undefined;
    return {
      sentence: `The log could not be read ${isCommand(facts) ? 'by' : 'at'} ${seen(facts, 'target')?.logPlace ?? fact.source} (${isFailed(fact) ? fact.detail : fact.reason}).`,
      evidence: [quote(facts, 'log')],
    };
  },
  remedies: ({ facts }) => [
    remedy(
      isCommand(facts) ? 'Run the command by hand until it prints the log and ends.' : "Find the worker's log and name it with --log-file.",
      seen(facts, 'target')?.logCommand ?? 'ls -lt ${KAFKA_HOME:-/opt/kafka}/logs',
      'none',
      `the configuration of the worker's logging names it; ${connectorView(facts).tasks[0]?.worker_id ?? 'the worker'} wrote it`,
    ),
  ],
});

/** Looks whose absence leaves the judgement open; a host look that is not allowed does not. */
const NEEDED = ['rest.list', 'rest.status', 'receiver.grpc', 'receiver.http'] as const;

export const lookImpossible = defineRule({
  id: 'look-impossible',
  layer: 'observer',
  scope: 'observer',
  status: 'unknown',
  explains: [
    'connector-state',
    'task-states',
    'task-trace',
    'receiver-ports',
    'grpc-endpoint',
    'http-endpoint',
    'connect-rest',
    'connector-configuration',
  ],
  heading: 'Incident Response Decision Tree',
  meaning: 'A look that was asked for could not be made, or nothing at all was looked at. What it would have shown is not known.',
  when({ facts }) {
    const stuck = NEEDED.filter((id) => isUnasked<unknown>(facts[id]) && (facts[id] as { unasked: string }).unasked === 'unknown');
    if (stuck.length > 0)
      return {
        sentence: `${list(stuck.map((id) => facts[id].source))} could not be looked at: ${(facts[stuck[0] ?? 'rest.list'] as { reason: string }).reason}.`,
        evidence: stuck.map((id) => quote(facts, id)),
      };
    const places = [...NEEDED, 'metrics', 'log'] as const;
    const none = places.every((id) => isUnasked<unknown>(facts[id]) || (facts[id].assumed === true && !isSeen<unknown>(facts[id])));
    return none
      ? {
          sentence: 'Nothing could be seen: no address of Connect, a receiver, metrics or a log was given that answers.',
          evidence: NEEDED.map((id) => quote(facts, id)),
        }
      : undefined;
  },
  remedies: ({ facts }) => [lookAgain(facts, 'Look again with more time.', '--timeout', '30')],
});

export const connectorAmbiguous = defineRule({
  id: 'connector-ambiguous',
  layer: 'observer',
  scope: 'observer',
  status: 'unknown',
  explains: ['connector-state', 'task-states', 'task-trace', 'connector-configuration'],
  heading: 'Incident Response Decision Tree',
  meaning: 'Several OTLP connectors run on this Connect and none was named, so there is not one to judge.',
  when({ facts }) {
    const target = seen(facts, 'target');
    if (target === undefined || target.connector !== null || target.candidates.length < 2) return undefined;
    return {
      sentence: `${list(target.candidates)} run on ${target.connectUrl ?? 'this Connect'}: name one with --connector.`,
      evidence: [quote(facts, 'target', 'candidates')],
    };
  },
  remedies: ({ facts }) => [lookAgain(facts, 'Name one of them.', '--connector', seen(facts, 'target')?.candidates[0] ?? '')],
});

export const proxyEnvironment = defineRule({
  id: 'proxy-environment',
  layer: 'observer',
  scope: 'observer',
  status: 'ok',
  explains: [],
  heading: 'Issue 2: No Messages Received',
  meaning:
    'Variables of this shell name a proxy. otlpctl never follows them, curl and many OTLP clients do: by hand the same looks may go elsewhere.',
  when({ facts }) {
    const names = seen(facts, 'run')?.proxyVariables ?? [];
    return names.length === 0
      ? undefined
      : {
          sentence: `${list(names)} ${names.length === 1 ? 'is' : 'are'} set here and not followed; commands typed by hand may go through that proxy.`,
          evidence: [quote(facts, 'run', 'proxyVariables')],
        };
  },
  remedies: () => [],
});

export const OBSERVER_RULES: readonly Rule[] = [
  metricsUnavailable,
  metricsAbsent,
  metricsStale,
  metricsOfOtherWorker,
  logUnavailable,
  lookImpossible,
  connectorAmbiguous,
  proxyEnvironment,
];

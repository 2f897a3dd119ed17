import type { Rule } from '../rule.ts';
import { defineObserverRule, defineRule } from '../rule.ts';
import { connectorView, wasGiven } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { receiverViews } from '../derive/receivers.ts';
import { lookAgain, remedy } from '../derive/remedy.ts';
import { restView } from '../derive/rest.ts';
import { list } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { isFailed, isSeen, isUnasked, seen } from '../facts/index.ts';
import { RECEIVER_STEPS } from './echoes.ts';
import { historyUnavailable } from './history.ts';
import { METRICS_RULES } from './metrics.ts';

/** What kept us from seeing. None of it is a fault of the target. */

const isCommand = (facts: Facts): boolean => seen(facts, 'target')?.logCommand !== undefined;

export const logUnavailable = defineObserverRule({
  id: 'log-unavailable',
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

export const lookImpossible = defineObserverRule({
  id: 'look-impossible',
  explains: [
    'connector-state',
    'task-states',
    'task-trace',
    'receiver-ports',
    'grpc-endpoint',
    'http-endpoint',
    'connect-rest',
    'connector-configuration',
    'client-configuration',
  ],
  heading: 'Incident Response Decision Tree',
  meaning: 'A look that was asked for could not be made, or nothing at all was looked at. What it would have shown is not known.',
  when({ facts }) {
    const stuck = [...NEEDED, 'client.env' as const].filter(
      (id) => isUnasked<unknown>(facts[id]) && (facts[id] as { unasked: string }).unasked === 'unknown',
    );
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

export const connectorAmbiguous = defineObserverRule({
  id: 'connector-ambiguous',
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

/** An address of ours that does not resolve here is our trouble, not the target's. */
export const receiverAddressUnknown = defineObserverRule({
  id: 'receiver-address-unknown',
  explains: RECEIVER_STEPS,
  heading: 'Issue 1: OTLP Receivers Not Listening',
  meaning:
    "The worker names itself by a host name that does not resolve where otlpctl runs, as in a container's own network. Whether the receivers serve is not known from here.",
  when({ facts }) {
    const views = receiverViews(facts).filter((view) => view.state === 'unnamed');
    const host = views[0]?.address?.host ?? '';
    return views.length === 0 || restView(facts).state === 'name'
      ? undefined
      : {
          sentence: `${host}, where ${list(views.map((view) => view.label))} should be, does not resolve from here: whether they serve is not known.`,
          evidence: views.map((view) => quote(facts, view.fact)),
        };
  },
  remedies: ({ facts }) => [
    lookAgain(
      facts,
      'Name a host under which the workers are reached from here.',
      '--worker-host',
      wasGiven(facts, 'worker-host') ? '127.0.0.1' : 'localhost',
    ),
  ],
});

export const OBSERVER_RULES: readonly Rule[] = [
  ...METRICS_RULES,
  historyUnavailable,
  logUnavailable,
  lookImpossible,
  connectorAmbiguous,
  receiverAddressUnknown,
  proxyEnvironment,
];

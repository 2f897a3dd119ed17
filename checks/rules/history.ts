import { defineObserverRule } from '../rule.ts';
import { curl } from '../derive/commands.ts';
import { quote } from '../derive/evidence.ts';
import { historyTrouble } from '../derive/history.ts';
import { remedy } from '../derive/remedy.ts';
import type { Facts } from '../facts/index.ts';

/** The list of what it scrapes, beside the question that was asked. Source: Prometheus, HTTP API, "Targets". */
const targetsUrl = (facts: Facts): string =>
  (/https?:\/\/\S+/.exec(facts['prometheus.history'].source)?.[0] ?? 'http://localhost:9090/api/v1/query_range').replace(
    /query_range$/,
    'targets?state=active',
  );

export const historyUnavailable = defineObserverRule({
  id: 'history-unavailable',
  explains: ['metrics-history'],
  heading: 'Recommended Alerts',
  meaning:
    'A Prometheus was named and cannot tell of the time before: it does not answer, or it has no series of this connector although its task runs. What it would have shown is not known, and alerts that are made from it see nothing either.',
  when({ facts }) {
    const trouble = historyTrouble(facts);
    return trouble === undefined
      ? undefined
      : {
          sentence: `The Prometheus of --prometheus-url cannot tell what was before: ${trouble}.`,
          evidence: [quote(facts, 'prometheus.history')],
        };
  },
  remedies: ({ facts }) => [
    remedy('See what it scrapes, and whether that works; correct the address, or leave --prometheus-url out.', curl(targetsUrl(facts))),
  ],
});

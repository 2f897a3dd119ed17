import type { Finding, Rule, View } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectUrl, curl } from '../derive/commands.ts';
import { quote } from '../derive/evidence.ts';
import { receiverViews } from '../derive/receivers.ts';
import { lookAgain, remedy } from '../derive/remedy.ts';
import { restView } from '../derive/rest.ts';
import type { RestState, RestView } from '../derive/rest.ts';
import { flowOf, perSecond } from '../derive/series.ts';
import { isWorkerDown, isWorkerFrozen } from '../derive/worker.ts';
import { list, rate } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Remedy } from '../report.ts';
import { REST_STEPS, STATE_STEPS } from './echoes.ts';

/** Connect's REST interface alone could not be read: the state is not known, the rest of the target is judged by itself. */

/** `; gRPC 4317 and HTTP 4318 accept, 20 messages/s arrive` */
function dataPlane(facts: Facts): string {
  const views = receiverViews(facts).filter((view) => view.state === 'serves');
  const flow = flowOf(seen(facts, 'metrics'));
  const arriving =
    flow === undefined || (flow.received ?? 0) === 0 ? '' : `, ${rate(perSecond(flow.received ?? 0, flow))} messages/s arrive`;
  return views.length === 0 ? '' : `; ${list(views.map((view) => view.name))} ${views.length === 1 ? 'accepts' : 'accept'}${arriving}`;
}

type RestRule = {
  id: string;
  states: readonly RestState[];
  meaning: string;
  sentence: (rest: RestView, facts: Facts) => string;
  remedies: (rest: RestView, facts: Facts) => Remedy[];
};

/** A frozen or dead worker is told as such, not as its REST interface. */
const rule = (row: RestRule): Rule =>
  defineRule({
    id: row.id,
    layer: 'worker',
    scope: 'observer',
    status: 'unknown',
    explains: [...REST_STEPS, ...STATE_STEPS, 'look-impossible'],
    heading: 'Quick Commands Reference',
    meaning: row.meaning,
    when({ facts }: View): Finding | undefined {
      const rest = restView(facts);
      if (!row.states.includes(rest.state) || isWorkerDown(facts) || isWorkerFrozen(facts)) return undefined;
      return {
        sentence: `${row.sentence(rest, facts)}: the connector's state is not known${dataPlane(facts)}.`,
        evidence: [quote(facts, rest.fact)],
      };
    },
    remedies: ({ facts }: View) => row.remedies(restView(facts), facts),
  });

const detail = (rest: RestView): string => rest.failed?.detail ?? 'no answer';
const status = (rest: RestView): string => (rest.failed?.status === undefined ? detail(rest) : `HTTP ${rest.failed.status}`);
const isHttps = (facts: Facts): boolean => connectUrl(facts).startsWith('https:');
const otherScheme = (facts: Facts): string =>
  isHttps(facts) ? connectUrl(facts).replace('https:', 'http:') : connectUrl(facts).replace('http:', 'https:');
const again = (rest: RestView, sentence: string): Remedy => remedy(sentence, curl(`${rest.url}/`, '-i', '-m', '10'));

export const CONNECT_RULES: readonly Rule[] = [
  rule({
    id: 'connect-unreachable',
    states: ['refused', 'name', 'filtered'],
    meaning:
      "Connect's REST address refuses, does not resolve or lets no connection through, while the rest of the target may be well: a wrong address, another port, a filter. Nothing is then known about the connector's state.",
    sentence: (rest) => `Connect REST at ${rest.url} cannot be reached (${detail(rest)})`,
    remedies: (rest) => [
      remedy("Correct --connect-url, or look at the worker's listeners and rest.port.", curl(`${rest.url}/`, '-i', '-m', '5')),
    ],
  }),
  rule({
    id: 'connect-unresponsive',
    states: ['timeout', 'errors'],
    meaning:
      'Connect REST accepts and does not answer in time, or answers errors, while the receivers serve: its threads are busy, or a proxy before it holds the request.',
    sentence: (rest) =>
      rest.state === 'timeout'
        ? `Connect REST at ${rest.url} accepts and does not answer (${detail(rest)})`
        : `Connect REST at ${rest.url} answers an error (${status(rest)})`,
    remedies: (rest) => [again(rest, "Look at the worker's REST interface: its threads, and any proxy before it.")],
  }),
  rule({
    id: 'connect-unauthorized',
    states: ['unauthorized'],
    meaning: 'Connect wants credentials, or refuses the ones given. Its state could not be read.',
    sentence: (rest) => `Connect at ${rest.url} wants credentials (${status(rest)})`,
    remedies: (_rest, facts) => [
      lookAgain(facts, 'Put user:password into a file that only you may read, and name it.', '--connect-auth-file', '~/.otlpctl-connect'),
    ],
  }),
  rule({
    id: 'connect-not-connect',
    states: ['foreign'],
    meaning:
      "What answers at the REST address is not Connect: a web page, a proxy's error, or an answer that was cut or is not Connect's JSON. Nothing is guessed from fragments.",
    sentence: (rest) =>
      `What answers at ${rest.url} is not Kafka Connect (${rest.failed?.status === undefined ? detail(rest) : `HTTP ${rest.failed.status}${rest.failed.contentType === undefined ? '' : `, ${rest.failed.contentType}`}`})`,
    remedies: (rest) => [again(rest, "Look at what answers there, or use the worker's own address in --connect-url.")],
  }),
  rule({
    id: 'connect-scheme-mismatch',
    states: ['tls'],
    meaning: 'The REST port speaks TLS and the target says http, or the other way round, or its certificate is not trusted.',
    sentence: (rest, facts) =>
      isHttps(facts)
        ? `TLS to Connect at ${rest.url} fails (${detail(rest)})`
        : `Connect's REST port at ${rest.url} speaks TLS, and the target says http`,
    remedies: (_rest, facts) => [
      lookAgain(
        facts,
        `Name the right scheme${isHttps(facts) ? ', or the certificate authority with --connect-ca' : ''}.`,
        '--connect-url',
        otherScheme(facts),
      ),
    ],
  }),
  rule({
    id: 'connect-rebalancing',
    states: ['rebalancing'],
    meaning:
      'Connect answers 409 because the group rebalances; requests that need the leader have to wait. One that stays is a group that does not come together.',
    sentence: (rest) => `Connect at ${rest.url} rebalances and answers 409`,
    remedies: (rest) => [again(rest, 'Wait some seconds and look again; if it stays, look at the workers that come and go.')],
  }),
];

import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { joinAddress } from '../address.ts';
import { configValue, connectorView } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { failedWith } from '../derive/failure.ts';
import { eventCount } from '../derive/log.ts';
import { intruder, isOwnPort } from '../derive/own-port.ts';
import { at, receiverViews } from '../derive/receivers.ts';
import type { ReceiverView } from '../derive/receivers.ts';
import { remedy } from '../derive/remedy.ts';
import { foreignHolder, isWorkerDown, isWorkerFrozen, processName } from '../derive/worker.ts';
import { list } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { isSeen, seen } from '../facts/index.ts';
import { EXPLAINS, HEADING, quotes, shouldServe } from './receiver-words.ts';

/** Receivers where something answers, and not what should. */

const isServing = (facts: Facts): boolean =>
  ['RUNNING', 'PAUSED'].includes(connectorView(facts).state ?? '') &&
  connectorView(facts).tasks.some((task) => ['RUNNING', 'PAUSED'].includes(task.state));

/** Somebody else's process on the port, or an answer that is not OTLP where no task runs that could stand behind it. */
function heldByOther(facts: Facts): ReceiverView[] {
  if (isWorkerDown(facts) || isWorkerFrozen(facts) || failedWith(facts, 'port-in-use') !== undefined) return [];
  return receiverViews(facts).filter((view) => {
    if (['off', 'skipped', 'unknown', 'refused', 'filtered', 'unnamed'].includes(view.state)) return false;
    return intruder(facts, view) !== undefined || (view.state === 'foreign' && !isServing(facts));
  });
}

const holderSentence = (facts: Facts, view: ReceiverView): string => {
  const holder = foreignHolder(facts, view.address?.port);
  return holder === undefined
    ? `${view.label} at ${at(view)} ${view.saw}`
    : `${processName(holder)} holds ${view.label} port ${joinAddress(view.address ?? { host: '', port: 0 })}, not the Connect worker`;
};

export const portHeldByOther = defineRule({
  id: 'port-held-by-other',
  layer: 'receiver',
  scope: 'target',
  status: 'critical',
  // The task opens both ports or none, so the other one is closed for the same cause.
  explains: [...EXPLAINS, 'receiver-not-listening', 'log-lines', 'log-errors'],
  heading: HEADING,
  meaning:
    "Another process answers on a receiver's port: senders reach it, and what they send does not reach the connector, even if it answers them with success.",
  when({ facts }) {
    const views = heldByOther(facts);
    if (views.length === 0) return undefined;
    const closed = receiverViews(facts).filter((view) => view.state === 'refused');
    const idle = connectorView(facts).status !== undefined && !isServing(facts);
    return {
      sentence: `${list(views.map((view) => holderSentence(facts, view)))}: what senders bring there does not reach the connector${closed.length > 0 ? `; ${list(closed.map((view) => `${view.label} at ${at(view)}`))} refuses` : ''}.`,
      evidence: evidenceOf(
        ...quotes(facts, views),
        ...quotes(facts, closed),
        seen(facts, 'host.listeners') !== undefined && quote(facts, 'host.listeners', 'listeners'),
      ),
      status: idle ? 'warning' : 'critical',
    };
  },
  remedies({ facts }) {
    const view = heldByOther(facts)[0];
    const holder = foreignHolder(facts, view?.address?.port);
    const port = view?.address?.port ?? 4317;
    const see = remedy("See on the worker's host who holds it.", `sudo ss -ltnp 'sport = :${port}'`);
    return holder?.pid === undefined
      ? [see]
      : [
          remedy(
            `Stop ${holder.command ?? 'it'} if it is not meant to be there, then restart the task if it failed.`,
            `kill ${holder.pid}`,
            'outage',
          ),
          see,
        ];
  },
});

export const tlsMismatch = defineRule({
  id: 'tls-mismatch',
  layer: 'receiver',
  scope: 'target',
  status: 'critical',
  explains: EXPLAINS,
  heading: 'OTLP Endpoint Testing',
  meaning:
    'The port speaks TLS and plaintext is expected, or the other way round. The connector serves plaintext only, so something before it ends TLS.',
  when({ facts }) {
    const views = receiverViews(facts).filter((view) => {
      const fact = facts[view.fact];
      const plain =
        isSeen<{ tls?: boolean }>(fact) &&
        fact.value.tls === false &&
        seen(facts, 'target')?.[view.transport]?.tls === true &&
        configValue(facts, 'otlp.tls.enabled') !== 'true';
      return shouldServe(facts, view) && (view.state === 'tls' || plain);
    });
    if (views.length === 0) return undefined;
    const tls = views.every((view) => view.state === 'tls');
    return {
      sentence: `${list(views.map((view) => `${view.label} at ${at(view)}`))} ${views.length === 1 ? 'speaks' : 'speak'} ${tls ? 'TLS, and senders without TLS are not understood' : 'plaintext, and its address says https'}.`,
      evidence: quotes(facts, views),
    };
  },
  remedies({ facts }) {
    const address = receiverViews(facts).find((view) => view.state === 'tls')?.address;
    return [
      remedy(
        'See what ends TLS there; let senders use https, or name the plaintext port behind it.',
        `openssl s_client -connect ${address?.host ?? 'localhost'}:${address?.port ?? 4317} -alpn h2 </dev/null`,
      ),
    ];
  },
});

/** A healthy connector behind, a foreign answer before it. */
const throughProxy = (facts: Facts): ReceiverView[] =>
  receiverViews(facts).filter(
    (view) =>
      view.state === 'foreign' &&
      shouldServe(facts, view) &&
      connectorView(facts).status !== undefined &&
      foreignHolder(facts, view.address?.port) === undefined,
  );
const inFront = (facts: Facts): ReceiverView[] =>
  [
    ...throughProxy(facts),
    ...receiverViews(facts).filter(
      (view) => view.state === 'foreign' && view.given && shouldServe(facts, view) && isServing(facts) && !isOwnPort(facts, view),
    ),
  ].filter((view, i, all) => all.findIndex((other) => other.fact === view.fact) === i);

export const proxyInTheWay = defineRule({
  id: 'proxy-in-the-way',
  layer: 'receiver',
  scope: 'target',
  status: 'critical',
  explains: [...EXPLAINS, 'port-held-by-other'],
  heading: HEADING,
  meaning:
    'The task runs and holds its port, and at the address asked something else answers: an ingress or proxy that has lost its backend, or that does not pass HTTP/2 to the gRPC port.',
  when({ facts }) {
    const views = inFront(facts);
    if (views.length === 0) return undefined;
    const grpc = views.some((view) => view.transport === 'grpc');
    return {
      sentence: `${list(views.map((view) => `${view.label} at ${at(view)} ${view.saw}`))}, while the connector is ${connectorView(facts).state ?? 'RUNNING'}: a proxy stands between${grpc ? ' and does not pass HTTP/2' : ''}.`,
      evidence: [...quotes(facts, views), quote(facts, connectorView(facts).fact, `${connectorView(facts).path}tasks.0.state`)],
    };
  },
  remedies({ facts }) {
    const view = inFront(facts)[0];
    return [
      view?.transport === 'grpc'
        ? remedy(
            'Let the proxy speak HTTP/2 to the gRPC port, or have senders use OTLP over HTTP.',
            `curl -si --http2-prior-knowledge http://${at(view)}/`,
          )
        : remedy(
            "Repair the proxy's backend: it should be the connector's HTTP port.",
            `curl -si http://${view === undefined ? 'localhost:4318' : at(view)}/v1/traces`,
          ),
    ];
  },
});

export const tlsIgnored = defineRule({
  id: 'tls-ignored',
  layer: 'receiver',
  scope: 'target',
  status: 'warning',
  explains: ['log-lines'],
  heading: 'OTLP Endpoint Testing',
  meaning:
    'TLS is switched on in the configuration and the connector serves plaintext all the same: it takes the keys and does not use them. Senders with https fail, and what passes is readable on the way.',
  when({ facts }) {
    const plain = receiverViews(facts).filter(
      (view) =>
        view.state === 'serves' &&
        !(isSeen<{ tls?: boolean }>(facts[view.fact]) && (facts[view.fact] as { value: { tls?: boolean } }).value.tls === true),
    );
    const logged = eventCount(facts, 'tls_not_implemented') > 0;
    if (configValue(facts, 'otlp.tls.enabled')?.toLowerCase() !== 'true' || plain.length === 0) return undefined;
    return {
      sentence: `TLS is switched on in the configuration and ignored: ${list(plain.map((view) => view.name))} ${plain.length === 1 ? 'serves' : 'serve'} plaintext, so senders with https fail.`,
      evidence: evidenceOf(
        quote(facts, 'target', 'config', 'otlp.tls.enabled=true'),
        ...quotes(facts, plain),
        logged && quote(facts, 'log', 'events.tls_not_implemented.count'),
      ),
    };
  },
  remedies({ facts }) {
    const port = receiverViews(facts).find((view) => view.transport === 'http')?.address?.port ?? 4318;
    return [
      remedy(
        'End TLS in a proxy before the receivers, or have senders use http:// until then.',
        `export OTEL_EXPORTER_OTLP_ENDPOINT=http://${receiverViews(facts)[1]?.address?.host ?? 'localhost'}:${port}`,
      ),
    ];
  },
});

export const RECEIVER_ANSWER_RULES: readonly Rule[] = [portHeldByOther, tlsMismatch, proxyInTheWay, tlsIgnored];

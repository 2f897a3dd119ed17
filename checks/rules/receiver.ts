import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { configValue, connectorView } from '../derive/connector.ts';
import { evidenceOf, quote } from '../derive/evidence.ts';
import { isLoopback, isWildcard, joinAddress, sameHost } from '../address.ts';
import { nowOf } from '../derive/log.ts';
import { at, receiverViews } from '../derive/receivers.ts';
import type { ReceiverView } from '../derive/receivers.ts';
import { atStake, changeConfig, firewallAct, lookAgain, remedy, restartTaskAct } from '../derive/remedy.ts';
import { intruder, isOwnPort, ownPort } from '../derive/own-port.ts';
import { foreignHolder, isOtherHost, listenersOn } from '../derive/worker.ts';
import { clock, list } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { EXPLAINS, HEADING, quotes, shouldServe } from './receiver-words.ts';

/** Receivers that should serve and cannot be used. The deeper causes (no worker, no Kafka, a failed task) explain these when they are there. */

const failing = (facts: Facts, ...states: ReceiverView['state'][]): ReceiverView[] =>
  receiverViews(facts).filter((view) => states.includes(view.state) && shouldServe(facts, view));
const named = (views: readonly ReceiverView[]): string => list(views.map((view) => `${view.label} at ${at(view)}`));
const are = (views: readonly ReceiverView[], one: string, many: string): string => (views.length === 1 ? one : many);

/** Bound to a loopback address, and looked at from another: everybody else is refused. */
function shutOut(facts: Facts): ReceiverView[] {
  const bind = configValue(facts, 'otlp.bind.address') ?? '';
  return failing(facts, 'refused').filter((view) => {
    const host = view.address?.host ?? '';
    const listening = listenersOn(facts, view.address?.port).map((listener) => listener.address);
    const only =
      listening.length > 0
        ? listening.every((address) => isLoopback(address) && !sameHost(address, host))
        : isLoopback(bind) && !sameHost(bind, host);
    return only && !listening.some(isWildcard);
  });
}

/** The port on which the worker itself is seen to listen: the one asked, or its own where another address was given for it. */
function listeningPort(facts: Facts, view: ReceiverView): number | undefined {
  const ports = [view.address?.port, ...(isOwnPort(facts, view) ? [] : [ownPort(facts, view)])];
  return ports.find((port) => listenersOn(facts, port).length > 0 && foreignHolder(facts, port) === undefined);
}
const isListening = (facts: Facts, view: ReceiverView): boolean => listeningPort(facts, view) !== undefined;
const unreachable = (facts: Facts): ReceiverView[] =>
  failing(facts, 'refused', 'filtered', 'reset').filter(
    (view) => (view.state === 'filtered' || isListening(facts, view)) && !shutOut(facts).some((other) => other.fact === view.fact),
  );

/** Refused at the address where it should be, and nothing else explains it. */
const notListening = (facts: Facts): ReceiverView[] =>
  failing(facts, 'refused', 'reset').filter((view) => {
    const elsewhere =
      view.given && view.address !== null && isOtherHost(facts, view.address.host) && connectorView(facts).status !== undefined;
    return !elsewhere && ![...shutOut(facts), ...unreachable(facts)].some((other) => other.fact === view.fact);
  });

/** A task's stop takes twice five seconds at most, for its calls to end and for its queue to be thrown away, and longer where the worker is busy. */
const STOPS_MS = 30_000;

/** When the task itself began to close its receiver, which it has not opened since: it is stopping, and Connect does not show yet why. */
function closingSince(facts: Facts): number | undefined {
  const { otlp_receiver_stopping: closing, otlp_receiver_started: opened } = seen(facts, 'log')?.events ?? {};
  const at = closing?.lastAt ?? -Infinity;
  return at > (opened?.lastAt ?? -Infinity) && nowOf(facts) - at <= STOPS_MS ? at : undefined;
}

export const receiverNotListening = defineRule({
  id: 'receiver-not-listening',
  layer: 'receiver',
  scope: 'target',
  status: 'critical',
  explains: EXPLAINS,
  heading: HEADING,
  meaning:
    'Connect shows the task RUNNING and is well, and the port refuses: the receiver was closed without the task failing, or the port is not the one that the connector was started with.',
  when({ facts }) {
    const views = notListening(facts);
    if (views.length === 0) return undefined;
    const state = connectorView(facts).state;
    const closing = closingSince(facts);
    const other = views.filter(
      (view) =>
        view.given &&
        view.address !== null &&
        String(view.address.port) !== configValue(facts, `otlp.${view.transport}.port`) &&
        connectorView(facts).config !== null,
    );
    const but =
      other.length > 0
        ? `; its configuration says ${list(other.map((view) => `${view.label} ${configValue(facts, `otlp.${view.transport}.port`) ?? ''}`))}`
        : closing === undefined
          ? ''
          : `; its task has been closing them since ${clock(closing)}`;
    return {
      sentence: `${named(views)} ${are(views, 'refuses', 'refuse')} connections${state === undefined ? '' : ` although the connector is ${state}`}${but}.`,
      evidence: evidenceOf(
        ...quotes(facts, views),
        closing !== undefined && quote(facts, 'log', 'events.otlp_receiver_stopping'),
        state !== undefined && quote(facts, connectorView(facts).fact, `${connectorView(facts).path}tasks.0.state`),
        seen(facts, 'host.listeners') !== undefined && quote(facts, 'host.listeners', 'listeners'),
      ),
    };
  },
  remedies({ facts }) {
    const port = notListening(facts)[0]?.address?.port ?? 4317;
    const look = remedy("See on the worker's host who listens there.", `ss -ltnp 'sport = :${port}'`);
    if (closingSince(facts) !== undefined)
      return [
        lookAgain(facts, 'Look again in ten seconds: once its stop is over, Connect shows why the task stopped, or that it runs again.'),
        look,
      ];
    return connectorView(facts).status === undefined
      ? [look]
      : [look, restartTaskAct(facts, `Restart the task: it opens both ports again; ${atStake(facts)}.`)];
  },
});

export const receiverUnreachable = defineRule({
  id: 'receiver-unreachable',
  layer: 'receiver',
  scope: 'target',
  status: 'critical',
  explains: EXPLAINS,
  heading: HEADING,
  meaning:
    'The receiver listens, or its host is there, and connections to it do not come through: a packet filter drops or rejects them. The connector itself is well.',
  when({ facts }) {
    const views = unreachable(facts);
    if (views.length === 0) return undefined;
    const listening = views.filter((view) => isListening(facts, view));
    const how = views.every((view) => view.state === 'filtered') ? 'connection attempts vanish' : 'connections are rejected';
    const fine = receiverViews(facts).filter((view) => view.state === 'serves');
    const there = listening.every((view) => listeningPort(facts, view) === view.address?.port);
    const where = there ? 'there' : `on ${list(listening.map((view) => String(listeningPort(facts, view))))}`;
    return {
      sentence: `${named(views)} cannot be reached: ${how}${listening.length > 0 ? ` although the connector listens ${where}` : ''}, as a packet filter ${there ? '' : 'or a dead proxy '}does${fine.length > 0 ? `; ${list(fine.map((view) => view.name))} ${are(fine, 'is', 'are')} fine` : ''}.`,
      evidence: evidenceOf(
        ...quotes(facts, views),
        ...quotes(facts, fine),
        seen(facts, 'host.listeners') !== undefined && quote(facts, 'host.listeners', 'listeners'),
      ),
    };
  },
  remedies({ facts }) {
    const views = unreachable(facts);
    const [view] = views;
    const port = view?.address?.port ?? 4317;
    const own = view === undefined ? undefined : listeningPort(facts, view);
    if (view !== undefined && own !== undefined && own !== port)
      return [
        lookAgain(
          facts,
          `Repair what stands at ${at(view)} before the connector, or name the address it serves itself.`,
          `--otlp-${view.transport}`,
          `${view.transport === 'http' ? 'http://' : ''}${joinAddress({ host: seen(facts, 'target')?.workerHost ?? 'localhost', port: own })}`,
        ),
      ];
    return [
      remedy(
        `See what filters port ${port} on the worker's host.`,
        `sudo iptables -S | grep -w ${port}; sudo ufw status | grep -w ${port}`,
      ),
      firewallAct(facts, 'Let it in, if ufw is what filters.', [...new Set(views.flatMap(({ address }) => address?.port ?? []))]),
    ];
  },
});

export const receiverBoundToLoopback = defineRule({
  id: 'receiver-bound-to-loopback',
  layer: 'receiver',
  scope: 'target',
  status: 'critical',
  explains: EXPLAINS,
  heading: HEADING,
  meaning: 'The receivers listen on a loopback address only: programs on the same host reach them, everybody else is refused.',
  when({ facts }) {
    const views = shutOut(facts);
    const bind = listenersOn(facts, views[0]?.address?.port)[0]?.address ?? configValue(facts, 'otlp.bind.address') ?? '127.0.0.1';
    return views.length === 0
      ? undefined
      : {
          sentence: `The receivers are bound to ${bind}, so ${named(views)} refuses: only programs on that host reach them.`,
          evidence: [
            ...quotes(facts, views),
            quote(facts, 'target', 'config', `otlp.bind.address=${configValue(facts, 'otlp.bind.address') ?? ''}`),
          ],
        };
  },
  remedies: ({ facts }) => [
    changeConfig(facts, 'Bind to every address of the host, if others are to send to it.', { 'otlp.bind.address': '0.0.0.0' }),
  ],
});

export const receiverUnresponsive = defineRule({
  id: 'receiver-unresponsive',
  layer: 'receiver',
  scope: 'target',
  status: 'critical',
  explains: EXPLAINS,
  heading: HEADING,
  meaning:
    'A receiver accepts connections and does not speak, while the worker is well: its threads are held up, or something between swallows the answer.',
  when({ facts }) {
    const views = failing(facts, 'silent').filter((view) => intruder(facts, view) === undefined);
    return views.length === 0
      ? undefined
      : {
          sentence: `${named(views)} ${are(views, 'accepts', 'accept')} connections and ${are(views, 'answers', 'answer')} nothing.`,
          evidence: quotes(facts, views),
        };
  },
  remedies: ({ facts }) => [restartTaskAct(facts, `Restart the task; ${atStake(facts)}.`)],
});

export const RECEIVER_RULES: readonly Rule[] = [receiverNotListening, receiverUnreachable, receiverBoundToLoopback, receiverUnresponsive];

import type { Facts, Place } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { isLoopback, joinAddress, sameHost } from '../address.ts';
import { endpointLine } from './client-aim.ts';
import { quoteError, quoteSaid, signalsOf, type ClientView } from './client.ts';
import type { ClientExport } from './client-exports.ts';
import { rightPlace, whereabouts } from './client-places.ts';
import type { ClientProblem } from './client-cause.ts';
import { proxyOf } from './client-proxy.ts';
import { quote } from './evidence.ts';
import { receiverView, TRANSPORTS, type Transport } from './receivers.ts';

const id = 'client-wrong-address';

/** Where a client sends is not where this target is. An address that only looks different is none: names are not judged by themselves. */
export function addressProblems(facts: Facts, view: ClientView): ClientProblem[] {
  return [...noAddress(facts, view), ...elsewhere(facts, view), ...notReached(facts, view)];
}

const toward = (facts: Facts, one: ClientExport | undefined): Transport =>
  one?.transport ?? (one?.place && whereabouts(facts, one.place).receiver) ?? 'http';

/** The address of this target, as the client may have it: a loopback address is that of every machine. */
function cureOf(facts: Facts, transport: Transport): Pick<ClientProblem, 'cure' | 'set'> {
  const place = rightPlace(facts, transport);
  const local = place !== null && isLoopback(place.host);
  return {
    cure: local
      ? "Give the name under which the client's host reaches the worker in place of localhost."
      : 'Give the address of the receiver.',
    set: local ? [`OTEL_EXPORTER_OTLP_ENDPOINT=http://WORKER-HOST:${place.port}`] : endpointLine(facts, transport),
  };
}

function noAddress(facts: Facts, { exports }: ClientView): ClientProblem[] {
  const first = exports.find(({ place, transport }) => place === undefined && transport === 'http');
  if (first === undefined) return [];
  return [
    {
      id,
      sentence: `The client's endpoint ${first.endpoint.value} is no URL with http:// or https://, and SDKs refuse it over HTTP.`,
      evidence: quoteSaid(facts, first.endpoint),
      cure: 'Write it with http:// before it.',
      set: endpointLine(facts, 'http'),
    },
  ];
}

/** localhost of another network namespace, and ports of this very host that are none of this target's. */
function elsewhere(facts: Facts, { exports }: ClientView): ClientProblem[] {
  for (const one of exports) {
    if (one.place === undefined) continue;
    const { host, receiver } = whereabouts(facts, one.place);
    const same = exports.filter(({ place }) => place && joinAddress(place) === joinAddress(one.place!));
    const sends = `The client sends its ${signalsOf(same)} to ${joinAddress(one.place)}`;
    const evidence = quoteSaid(facts, one.endpoint);
    if (host === 'away')
      return [
        {
          id,
          sentence: `${sends} in its own network namespace, where nothing listens.`,
          evidence: [...evidence, quote(facts, 'client.env', 'network')],
          ...cureOf(facts, toward(facts, one)),
        },
      ];
    if (host === 'here' && receiver === undefined)
      return [
        {
          id,
          sentence: `${sends}, and this target listens on ${ports(facts)} there.`,
          evidence: [...evidence, quote(facts, 'target', 'http')],
          cure: 'Give the address of the receiver.',
          set: endpointLine(facts, toward(facts, one)),
        },
      ];
  }
  return [];
}

const ports = (facts: Facts): string =>
  TRANSPORTS.flatMap((transport) => rightPlace(facts, transport)?.port ?? [])
    .map(String)
    .join(' and ');

const COULD_NOT = { refused: 'is refused', unresolved: 'does not find a host', 'timed-out': 'gets no answer' } as const;

/** A client that does not get through to where the receivers serve, seen from here: its way leads somewhere else. */
function notReached(facts: Facts, { exports, said }: ClientView): ClientProblem[] {
  if (said === undefined || !(said.trouble in COULD_NOT)) return [];
  const env = seen(facts, 'client.env');
  const [first] = exports;
  if (exports.some((one) => env && proxyOf(env, one) !== undefined)) return [];
  const tried: Place | undefined = said.address ?? first?.place;
  const receiver = tried && TRANSPORTS.find((transport) => rightPlace(facts, transport)?.port === tried.port);
  const serves = (transport: Transport): boolean => receiverView(facts, transport).state === 'serves';
  const isSame = tried !== undefined && receiver !== undefined && sameHost(tried.host, rightPlace(facts, receiver)!.host);
  // What is shut from here too is no fault of the client.
  if (isSame ? !serves(receiver) : !TRANSPORTS.some(serves)) return [];
  const at = tried === undefined ? '' : ` at ${joinAddress(tried)}`;
  const but = isSame ? 'and from here the receiver answers at that address' : `and this target listens on ${ports(facts)}`;
  const why = tried !== undefined && isLoopback(tried.host) ? ': localhost of a container, or of another host, is not this one' : '';
  return [
    {
      id,
      sentence: `The client ${COULD_NOT[said.trouble as keyof typeof COULD_NOT]}${at}, ${but}${why}.`,
      evidence: [quoteError(facts, said), ...(first === undefined ? [] : quoteSaid(facts, first.endpoint))],
      ...cureOf(facts, receiver ?? toward(facts, first)),
    },
  ];
}

import type { Facts } from '../facts/index.ts';
import { joinAddress } from '../address.ts';
import { SIGNAL } from '../../proto/vocabulary/signals.ts';
import { LABEL } from './receivers.ts';
import type { ClientExport } from './client-exports.ts';
import { whereabouts } from './client-places.ts';
import { list } from './words.ts';

/** The address of one export; over HTTP without the path that belongs to its signal. */
export function urlOf({ signal, place, endpoint, transport }: ClientExport): string {
  if (place === undefined) return endpoint.value;
  const path = place.path ?? '';
  const base = path.endsWith(SIGNAL[signal].path) ? path.slice(0, -SIGNAL[signal].path.length) : path;
  const address = `${place.tls === true ? 'https' : 'http'}://${joinAddress(place)}`;
  return transport === 'grpc' ? address : `${address}${base}`;
}

/** What is there, as far as it can be told. */
export function receiverWords(facts: Facts, { place, off }: ClientExport): string {
  if (off !== undefined) return `not exported (${off.variable}=${off.value})`;
  if (place === undefined) return 'no address';
  const { host, receiver } = whereabouts(facts, place);
  if (host === 'neighbour') return 'a listener in its own network namespace, not this target';
  if (host === 'away') return 'its own network namespace, where nothing listens';
  if (receiver === undefined) return host === 'here' ? "no receiver of this target's" : 'not known here';
  return `the ${LABEL[receiver]} receiver of this target${host === 'other' ? ', if that is its host' : ''}`;
}

export const protocolWords = ({ protocol }: ClientExport): string =>
  protocol.variable === null ? 'the protocol of its SDK' : protocol.value;

const wayOf = (facts: Facts, one: ClientExport): string =>
  one.off === undefined ? `to ${urlOf(one)} by ${protocolWords(one)}, ${receiverWords(facts, one)}` : receiverWords(facts, one);

/** Those that go one way together. */
export function exportLines(facts: Facts, exports: readonly ClientExport[]): string {
  const ways = Map.groupBy(exports, (one) => wayOf(facts, one));
  return [...ways].map(([way, some]) => `${list(some.map(({ signal }) => signal))} ${way}`).join('; ');
}

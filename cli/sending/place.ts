import { isSeen, seen, type Facts, type Place } from '../../checks/facts/index.ts';
import { SIGNAL, type Signal } from '../../proto/vocabulary/signals.ts';
import { couldNotLook } from '../bad-input.ts';

/** Where a test message goes, and where it should end. */
export type Route = { place: Place; topic: string; isBridge: boolean; isConnector: boolean; assumedTopic: boolean };

export function routeOf(facts: Facts, transport: 'grpc' | 'http', signal: Signal): Route {
  const target = isSeen(facts.target) ? facts.target.value : undefined;
  const place = target?.[transport] ?? null;
  if (place === null) throw couldNotLook(`where the ${transport} receiver is could not be found out`, `give --otlp-${transport}`);
  if (place.off === true) throw couldNotLook(`the ${transport} receiver is switched off (otlp.${transport}.enabled=false)`);
  const { topicKey, topic } = SIGNAL[signal];
  return {
    place,
    topic: target?.config?.[topicKey] ?? topic,
    isBridge: target?.kind === 'bridge',
    isConnector: target?.kind === 'connector',
    assumedTopic: target?.config == null,
  };
}

/** The folder of a bridge's file sink, where it has one. */
export function sinkFolderOf(facts: Facts): string | undefined {
  return /^file (.+)$/.exec(seen(facts, 'metrics')?.sink?.place ?? '')?.[1];
}

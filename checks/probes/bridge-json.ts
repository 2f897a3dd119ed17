import { SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';
import { SINK_TROUBLES, type SinkTrouble } from '../../proto/vocabulary/sink-troubles.ts';
import type { Json, SinkSaid } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { excerpt } from './excerpt.ts';
import { bridgeSenders } from './bridge-senders.ts';
import { absentAttributes, numbersOf } from './metrics-reading.ts';
import type { ConnectorReading } from './metrics-reading.ts';
import type { FailedOutcome } from './probe.ts';

/** `GET /metrics.json` of the bridge: counters, gauges and derived values of one connector, by the attribute names of the runbook. */
export function readBridgeJson(json: Json, connectorName: string | null): { value: ConnectorReading } | FailedOutcome {
  if (!isBridgeJson(json)) return { failure: 'malformed', detail: 'not the metrics of a bridge: counters and gauges are missing' };
  const connector = json['connector'];
  if (typeof connector !== 'string') return { failure: 'malformed', detail: 'the metrics do not say of which connector they are' };
  if (connectorName !== null && connector !== connectorName) {
    return { failure: 'absent', detail: `the metrics are those of ${connector}, not of ${connectorName}` };
  }
  const { values } = numbersOf({ ...part(json, 'derived'), ...part(json, 'gauges'), ...part(json, 'counters') });
  const startedAt = Date.parse(String(json['startedAt'] ?? ''));
  const sink = sinkOf(json['sink']);
  const senders = bridgeSenders(json['senders']);
  return {
    value: {
      values,
      missing: absentAttributes(values),
      connectors: [connector],
      ...(Number.isNaN(startedAt) ? {} : { startedAt }),
      ...(sink === undefined ? {} : { sink }),
      ...(senders === undefined ? {} : { senders }),
    },
  };
}

const isSignal = (text: Json | undefined): text is Signal => SIGNALS.some((signal) => signal === text);
const isTrouble = (text: Json | undefined): text is SinkTrouble => typeof text === 'string' && Object.hasOwn(SINK_TROUBLES, text);

/** What the bridge says of its sink. A trouble that we have no word for is left out: a later bridge may know more. */
function sinkOf(json: Json | undefined): SinkSaid | undefined {
  if (!isObject(json) || typeof json['place'] !== 'string' || !Array.isArray(json['troubles'])) return undefined;
  const troubles = json['troubles'].flatMap((one): SinkSaid['troubles'] => {
    if (!isObject(one)) return [];
    const { signal, topic, reason, sentence } = one;
    if (!isSignal(signal) || !isTrouble(reason) || typeof topic !== 'string' || typeof sentence !== 'string') return [];
    const since = Date.parse(String(one['since'] ?? ''));
    return [{ signal, topic: excerpt(topic), reason, sentence: excerpt(sentence), since: Number.isNaN(since) ? null : since }];
  });
  return { place: excerpt(json['place']), troubles };
}

/** How a bridge's metrics are told from any other JSON. */
export const isBridgeJson = (json: Json): json is { [key: string]: Json } =>
  isObject(json) && isObject(json['counters']) && isObject(json['gauges']);

function part(json: { [key: string]: Json }, name: string): { [key: string]: Json } {
  const found = json[name];
  return isObject(found) ? found : {};
}

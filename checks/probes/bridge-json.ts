import type { Json } from '../facts/index.ts';
import { absentAttributes, isObject, numbersOf } from './metrics-reading.ts';
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
  return {
    value: { values, missing: absentAttributes(values), connectors: [connector], ...(Number.isNaN(startedAt) ? {} : { startedAt }) },
  };
}

/** How a bridge's metrics are told from any other JSON. */
export const isBridgeJson = (json: Json): json is { [key: string]: Json } =>
  isObject(json) && isObject(json['counters']) && isObject(json['gauges']);

function part(json: { [key: string]: Json }, name: string): { [key: string]: Json } {
  const found = json[name];
  return isObject(found) ? found : {};
}

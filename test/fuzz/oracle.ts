import { gunzipSync } from 'node:zlib';
import { requestType } from '../bridge/intake/samples.ts';
import type { FuzzRequest } from './requests.ts';

type Node = Readonly<Record<string, unknown>>;
const childrenOf = (node: unknown, ...keys: string[]): unknown[] =>
  keys.flatMap((key) => {
    const value = (node as Node | null)?.[key];
    return Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];
  });
const below = (nodes: unknown[], ...keys: string[]) => nodes.flatMap((node) => childrenOf(node, ...keys));

const KINDS_OF_METRIC = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'exponential_histogram', 'summary'];
const ITEMS: Readonly<Record<FuzzRequest['signal'], (root: unknown) => unknown[]>> = {
  traces: (root) => below(below(childrenOf(root, 'resourceSpans', 'resource_spans'), 'scopeSpans', 'scope_spans'), 'spans'),
  logs: (root) => below(below(childrenOf(root, 'resourceLogs', 'resource_logs'), 'scopeLogs', 'scope_logs'), 'logRecords', 'log_records'),
  metrics: (root) => {
    const metrics = below(below(childrenOf(root, 'resourceMetrics', 'resource_metrics'), 'scopeMetrics', 'scope_metrics'), 'metrics');
    return below(below(metrics, ...KINDS_OF_METRIC), 'dataPoints', 'data_points');
  },
};

/**
 * Whether a request that was taken holds something, as a reader that is not the bridge's sees it: protobufjs, or JSON.parse.
 * Throws where such a reader finds no request at all, and then a 200 was wrong.
 */
export function holdsItems({ signal, type, encoding, body }: FuzzRequest): boolean {
  const bytes = encoding === 'gzip' ? gunzipSync(body) : body;
  const root: unknown = type.includes('json') ? JSON.parse(bytes.toString('utf8')) : requestType(signal).decode(bytes);
  return ITEMS[signal](root).length > 0;
}

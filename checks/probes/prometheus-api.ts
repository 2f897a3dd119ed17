import { isObject, type Json } from '../facts/index.ts';
import type { Credentials } from '../target.ts';
import { shown } from './ask.ts';
import type { Ask, FailedOutcome } from './probe.ts';
import { readJson } from './read-json.ts';

/** The one way to ask a Prometheus. Source: Prometheus, HTTP API, "Format overview", "Range queries", "Finding series by label matchers". */

/** A path before `/api` is part of it, as `--web.route-prefix` or a proxy has it. */
export type PrometheusPlace = { url: URL; auth?: Credentials };

/** Milliseconds since the epoch. */
export type Period = { fromMs: number; toMs: number };
export type Labels = { [key: string]: string };
/** A series of a range query: times in seconds, values as text. */
export type RangeRow = { metric: Labels; values: [number, string][] };
export type Told<T> = { value: T } | FailedOutcome;

/** A day of a dozen series, a step of a minute. */
const MOST_BYTES = 16 * 1024 * 1024;

const inSeconds = ({ fromMs, toMs }: Period) => ({ start: String(fromMs / 1000), end: String(toMs / 1000) });

const pathOf = ({ url }: PrometheusPlace, path: string): URL => new URL(`${url.pathname.replace(/\/+$/, '')}/api/v1/${path}`, url);

/** How a range query is named: without what was asked, which is long. */
export const rangeSource = (place: PrometheusPlace): string => `GET ${shown(pathOf(place, 'query_range'))}`;

/** `data` of an answer that has the shape, or how it said no. */
async function dataOf(
  ask: Ask,
  place: PrometheusPlace,
  path: string,
  query: Record<string, string>,
  isWanted: (data: Json) => boolean,
): Promise<Told<Json>> {
  const url = pathOf(place, path);
  url.search = new URLSearchParams(query).toString();
  const { auth } = place;
  const read = readJson<Json>(await ask({ url, maxBytes: MOST_BYTES, ...(auth && { auth }) }), (json) =>
    isObject(json) && json['status'] === 'success' && isWanted(json['data'] ?? null) ? undefined : 'JSON, but not an answer of Prometheus',
  );
  return 'value' in read ? { value: (read.value as { data: Json }).data } : inItsWords(read as FailedOutcome);
}

/** Prometheus says what is wrong with a query under `error`. */
function inItsWords(failed: FailedOutcome): FailedOutcome {
  const said = isObject(failed.body) ? failed.body['error'] : undefined;
  return typeof said === 'string' && failed.status !== undefined ? { ...failed, detail: `HTTP ${failed.status}: ${said}` } : failed;
}

const isMatrix = (data: Json): boolean =>
  isObject(data) &&
  data['resultType'] === 'matrix' &&
  Array.isArray(data['result']) &&
  data['result'].every((row) => isObject(row) && isObject(row['metric'] ?? null) && Array.isArray(row['values']));

/** What a query gave at each step of a period. */
export async function askRange(ask: Ask, place: PrometheusPlace, query: string, period: Period, stepMs: number): Promise<Told<RangeRow[]>> {
  const asked = { query, ...inSeconds(period), step: String(stepMs / 1000) };
  const told = await dataOf(ask, place, 'query_range', asked, isMatrix);
  return 'value' in told ? { value: (told.value as unknown as { result: RangeRow[] }).result } : told;
}

/** The labels of the series that match and had a value in a period; their name is `__name__`. */
export async function askSeries(ask: Ask, place: PrometheusPlace, match: string, period: Period): Promise<Told<Labels[]>> {
  const isList = (data: Json): boolean => Array.isArray(data) && data.every((labels) => isObject(labels));
  const told = await dataOf(ask, place, 'series', { 'match[]': match, ...inSeconds(period) }, isList);
  return 'value' in told ? { value: told.value as unknown as Labels[] } : told;
}

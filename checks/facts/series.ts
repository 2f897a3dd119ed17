import type { Signal } from '../../proto/vocabulary/signals.ts';
import type { SinkTrouble } from '../../proto/vocabulary/sink-troubles.ts';

/** Metrics are samples over time, so that a window, earlier perfdata or a history only add samples. */
export type Sample = { /** milliseconds since the epoch */ at: number; values: Record<string, number> };

export type Series = {
  samples: Sample[];
  /** names that were asked for and are not there */
  absent: string[];
  /** readings within the window that failed: when, and how */
  gaps?: { at: number; detail: string }[];
};

export type MetricsKind = 'bridge' | 'jolokia' | 'jmx' | 'prometheus';

/** Another source that was given for the same connector. `samples`: read to compare; none where it failed, with the reason. */
export type OtherSource = { source: string; kind?: MetricsKind; samples: Sample[]; detail?: string };

/** What a bridge says of where it writes: the place, and what keeps which topic from being written. `since`: milliseconds since the epoch. */
export type SinkSaid = {
  place: string;
  troubles: { signal: Signal; topic: string; reason: SinkTrouble; sentence: string; since: number | null }[];
};

/** A program as its User-Agent names it, null where it names none, and what the bridge received whole of it. */
export type BridgeSender = { agent: string | null; requests: number; transports: ('grpc' | 'http')[]; signals: Signal[] };

/** The connector's attributes (runbook "Key JMX Metrics"). */
export type ConnectorMetrics = Series & {
  kind: MetricsKind;
  url: string;
  /** gauges that read 0 whatever happens: QueueCapacity 0 is the sign */
  dead: string[];
  /** connectors whose series the same source has, unquoted */
  connectors: string[];
  /** when the counters began, where the source says so */
  startedAt?: number;
  /** of a bridge, at the last sample */
  sink?: SinkSaid;
  /** who sent to a bridge since its counters began, most requests first */
  senders?: BridgeSender[];
  others?: OtherSource[];
  /** the first so many samples are not this source's: a Prometheus kept them */
  before?: { source: string; readings: number };
  /** one more reading, made after those of the others only to compare: no part of the window */
  check?: Sample;
};

/** What a Prometheus has kept of the connector's attributes over the time that alerts look back. */
export type PrometheusHistory = Series & {
  /** asked for: from, until and how far apart, milliseconds */
  from: number;
  until: number;
  stepMs: number;
  /** connectors whose series it has, unquoted */
  connectors: string[];
};

/** What the connector's series are called on a page for Prometheus: names by attribute, and the label that says whose they are. */
export type SeriesNames = { url: string; series: Record<string, string>; label: { key: string; value: string } };

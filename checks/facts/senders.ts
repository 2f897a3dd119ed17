import type { Signal } from '../../proto/vocabulary/signals.ts';

/** Who sent what was found at the end of the topics: resource attributes of OTLP (semantic conventions, "service" and "telemetry"). */
export type Sender = {
  /** service.name; null where a resource has none */
  service: string | null;
  /** telemetry.sdk.language, .name and .version; null where a resource has none of them */
  sdk: string | null;
  signals: Signal[];
  /** records with at least one resource of it */
  records: number;
};

export type TopicSenders = {
  topics: {
    name: string;
    signal: Signal;
    /** records taken from its end */ sampled: number;
    /** of those, not readable as OTLP */ unread: number;
    detail?: string;
  }[];
  /** most records first; at most 100 */
  senders: Sender[];
};

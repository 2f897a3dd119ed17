import type { Signal } from '../../proto/vocabulary/signals.ts';
import type { OverallStatus } from '../report.ts';
import type { Condition } from './expression.ts';

/** Limits that a person may set; their defaults are those of checks/thresholds.ts. */
export type Limits = { lossPercent: number; queuePercent: number; lagPercent: number; ceilingPerSecond: number };

/** What the alerts of one target depend on. */
export type Form = {
  kind: 'connector' | 'bridge';
  /** otlp.message.queue.size; null: not known. Only asked where the gauges are dead */
  queueSize: number | null;
  /** silence since the start counts too: `--expect traffic` */
  expectTraffic: boolean;
  limits: Limits;
};

/** How an alert's value is said: `lost of what was offered: 3.4 %`. */
export type Measure = { what: string; unit: 'percent' | 'messages' | 'messages/s' | 'series' };

/**
 * One alert, for a live look and for a rule file alike. `status` is what it counts when it fires; `whilePending` what it counts when its condition holds and has not
 * lasted yet: what holds now decides exit codes, except for stillness, which means nothing before it has lasted.
 */
export type Alert = {
  id: string;
  title: string;
  status: OverallStatus;
  whilePending: OverallStatus;
  signal: Signal | null;
  /** of the runbook; the alert's place for those that the runbook does not have */
  heading: string;
  /** Prometheus' `for`; 0 fires at once. Source: runbook "Recommended Alerts", where it has the alert */
  forSeconds: number;
  measure: Measure;
  /** attributes of the runbook that it judges */
  about: readonly string[];
  /** why it is so, and where it differs from what the runbook has; for `explain` */
  meaning: readonly string[];
  /** ids of checks, causes and metrics */
  related: readonly string[];
  /** false: this target cannot have it */
  isOf(form: Form): boolean;
  /** null: the size of the queues is not known */
  condition(form: Form): Condition | null;
  /** `> 1 %` */
  limit(form: Form): string;
  /** annotations of a rule; CONNECTOR stands for the name, VALUE for the value */
  summary: string;
  description: string;
};

/** Ranges of all alerts. Source: runbook "Recommended Alerts", [5m]. */
export const RANGE_SECONDS = 300;

export const isBridge = ({ kind }: Form): boolean => kind === 'bridge';

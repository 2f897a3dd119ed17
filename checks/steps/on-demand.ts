import type { Check } from '../check.ts';
import type { Fact, Facts } from '../facts/index.ts';
import { isUnasked } from '../facts/index.ts';
import { brokerLoad } from './broker-load.ts';
import { brokerMetrics } from './broker-metrics.ts';
import { consumerLag } from './consumer-lag.ts';
import { firewallRules } from './firewall-rules.ts';
import { metricsHistory } from './metrics-history.ts';
import { producerConfiguration } from './producer-configuration.ts';
import { senders } from './senders.ts';
import { STEPS } from './index.ts';

/** Looks that cost something or need something: taken when they are asked for by name, or when the option that makes them possible is given. Each has the fact that is its own first in `needs`. */
export const ON_DEMAND_STEPS: readonly Check[] = [
  firewallRules,
  consumerLag,
  brokerMetrics,
  brokerLoad,
  producerConfiguration,
  senders,
  metricsHistory,
];

/** Every step that there is. */
export const EVERY_STEP: readonly Check[] = [...STEPS, ...ON_DEMAND_STEPS];

const wasLookedAt = (facts: Facts, { needs: [own] }: Check): boolean => {
  const fact = facts[own ?? 'run'] as Fact<unknown>;
  return !isUnasked(fact) || fact.unasked === 'unknown';
};

/** The steps of a report: what doctor always asks, what was looked at on demand, and what was asked for by name. */
export const stepsOf = (facts: Facts, asked: readonly string[] = []): Check[] => [
  ...STEPS,
  ...ON_DEMAND_STEPS.filter((step) => asked.includes(step.id) || wasLookedAt(facts, step)),
];

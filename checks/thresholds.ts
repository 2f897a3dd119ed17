/** Limits of the judgement, each with where it comes from. */
export const THRESHOLDS = {
  /** percent of the fullest queue. Source: runbook "Queue Metrics" */
  queueWarnPercent: 80,
  /** percent of what was offered in the window that is lost. Source: runbook "Derived Metrics", taken as true loss */
  lossCriticalPercent: 1,
  /** messages waiting. Source: runbook "Derived Metrics"; only meaningful where three queues can hold more */
  lagWarnMessages: 10_000,
  /** stillness after which missing traffic is a finding. Source: runbook "Recommended Alerts" */
  stillSeconds: 300,
  /** requests a second that the connector's poll loop takes from one busy signal; measured 478, at most 500 */
  pollCeilingPerSecond: 480,
} as const;

export type Thresholds = { readonly [K in keyof typeof THRESHOLDS]: number };

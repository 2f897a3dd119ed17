/** What a person expects of the traffic. One message is one Export request, whatever it holds. */
export type CapacityInput = {
  peakPerSecond: number;
  burstSeconds: number;
  /** 1 KB = 1000 B */
  messageSizeBytes: number;
  headroomPercent: number;
};

/** Traffic tiers in messages a second: low below 100, medium to 1000, high to 5000. Source: runbook "Queue Sizing". */
export type Tier = 'low' | 'medium' | 'high' | 'very-high';

/** The numbers of a capacity plan. */
export type Sizing = {
  input: CapacityInput;
  /** per signal, as the formula has it */
  queueSize: number;
  /** with headroom, within what the connector accepts */
  recommendedQueueSize: number;
  /** all three queues, full */
  queueMemoryBytes: number;
  memoryWithOverheadBytes: number;
  heapBytes: number;
  format: 'json' | 'protobuf';
  tier: Tier;
};

/** What the formulas leave out. `beware`: following the plan without it would not do. */
export type Note = { text: string; beware: boolean };

/** What was seen of a target beside the input: how the peak is split, and who drains the queues. */
export type Split = { busiest: { signal: string; perSecond: number } | null; kind: 'connector' | 'bridge' | 'unknown' };

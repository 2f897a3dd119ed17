/** Limits of the judgement, each with where it comes from. */
export const THRESHOLDS = {
  /** percent of the fullest queue. Source: runbook "Queue Metrics" */
  queueWarnPercent: 80,
  /** percent of what was offered in the window that is lost. Source: runbook "Derived Metrics", taken as true loss */
  lossCriticalPercent: 1,
  /** messages waiting. Source: runbook "Derived Metrics"; only meaningful where three queues can hold more */
  lagWarnMessages: 10_000,
  /** percent of what the queues in use can hold. Source: runbook "Derived Metrics": 10000 is a third of what three queues of the default size hold */
  lagWarnPercent: 100 / 3,
  /** stillness after which missing traffic is a finding. Source: runbook "Recommended Alerts" */
  stillSeconds: 300,
  /** requests a second that the connector's poll loop takes from one busy signal; measured 478, at most 500 */
  pollCeilingPerSecond: 480,
  /** rates this far from the ceiling, in percent of it, are at it: 460 to 501 were measured */
  pollCeilingMarginPercent: 10,
  /** percent of a queue behind the poll ceiling from which it is told before drops begin; half of it is gone in one more burst like it */
  pollCeilingFillPercent: 50,
  /** percent of the heap in use. Source: runbook "Estimating Memory", four times the queue's need leaves three quarters free */
  heapWarnPercent: 90,
  /** percent of one processor that a JVM's garbage collector takes when it does little else: a healthy worker's takes 1 to 5, one whose host is busy gets 39 of what it wants */
  collectorCriticalPercent: 20,
  /** percent of file descriptors in use from which new connections are about to fail */
  filesCriticalPercent: 98,
  /** percent of the producer's buffer that is free: below it send() is about to block. Source: Kafka, buffer.memory */
  producerBufferLowPercent: 10,
  /** milliseconds that Kafka takes for a produce request on average; a healthy broker takes 0.4 to 3 */
  kafkaSlowMs: 500,
  /** percent of the time in which a disk had a request: above it there is no room for a burst. Source: runbook "Issue 4", iostat -xz; iostat(1), %util */
  diskBusyWarnPercent: 90,
  /** percent of the time in which a broker's request handlers wait for work. Source: Kafka, "Monitoring", RequestHandlerAvgIdlePercent: ideally above 0.3 */
  handlerIdleLowPercent: 30,
  /** log lines of one topic error from which it is no hiccup of a topic's creation */
  topicErrorLines: 3,
} as const;

export type Thresholds = { readonly [K in keyof typeof THRESHOLDS]: number };

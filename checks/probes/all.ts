import { activeProbe } from './active.ts';
import { clientProbe } from './client.ts';
import { CONNECT_PROBES } from './connect.ts';
import { hostProbe } from './host.ts';
import { KAFKA_PROBES } from './kafka.ts';
import { logProbe } from './log-probe.ts';
import { metricsProbe } from './metrics.ts';
import type { Probe } from './probe.ts';
import { RECEIVER_PROBES } from './receivers.ts';
import { reflectionProbe } from './reflection.ts';
import { targetProbe } from './target.ts';

/** Every look that doctor takes. A new probe adds its row here and its facts in checks/facts/index.ts. */
export const PROBES: readonly Probe[] = [
  ...CONNECT_PROBES,
  targetProbe,
  ...RECEIVER_PROBES,
  reflectionProbe,
  metricsProbe,
  logProbe,
  hostProbe,
  ...KAFKA_PROBES,
  clientProbe,
  activeProbe,
];

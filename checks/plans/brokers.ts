import { bytes, count, percent } from '../derive/words.ts';

/** Whether Kafka's brokers carry the peak. Bytes a second; idle is a share from 0 to 1; null: not seen. */
export type BrokerLoad = { bytesIn: number | null; bytesOut: number | null; idle: number | null; underReplicated: number | null };

export type BrokersInput = {
  load: BrokerLoad;
  /** brokers of the cluster; null: not known */
  brokers: number | null;
  /** replicas of the connector's topics; null: not known */
  replicas: number | null;
  /** partitions of the connector's own topics with fewer replicas in sync than they have; null: not known */
  behind: number | null;
  /** what the connector writes at its peak, and what it wrote while the load was seen (null: not known) */
  peakBytes: number;
  nowBytes: number | null;
};

export type BrokerRow = {
  what: 'in' | 'out' | 'idle' | 'replication' | 'peak';
  status: 'ok' | 'warning' | 'critical' | 'unknown';
  sentence: string;
};
export type BrokersPlan = {
  rows: BrokerRow[];
  /** idle ratio at the peak; brokers that it wants; null: not known */ idleAtPeak: number | null;
  wanted: number | null;
};

/** Source: Kafka documentation, "Monitoring": the request handlers' average idle ratio is ideally above 0.3. */
const LEAST_IDLE = 0.3;
/** Below this much traffic a ratio says nothing of what more of it would cost. */
const LEAST_BYTES = 10_000;
const UNKNOWN = 'not seen (give --kafka-metrics-url)';

export function planBrokers(input: BrokersInput): BrokersPlan {
  const { load } = input;
  const { idleAtPeak, wanted } = atPeak(input);
  return {
    idleAtPeak,
    wanted,
    rows: [flow('in', load.bytesIn), flow('out', load.bytesOut), idle(load.idle), replication(input), peak(input, idleAtPeak, wanted)],
  };
}

const flow = (what: 'in' | 'out', value: number | null): BrokerRow =>
  value === null
    ? { what, status: 'unknown', sentence: UNKNOWN }
    : { what, status: 'ok', sentence: `${bytes(value)}/s, all topics of this broker` };

function idle(value: number | null): BrokerRow {
  if (value === null) return { what: 'idle', status: 'unknown', sentence: UNKNOWN };
  const said = `request handlers are idle ${percent(value * 100)} of the time`;
  return value < LEAST_IDLE
    ? { what: 'idle', status: 'warning', sentence: `${said}: below 30 % requests begin to wait` }
    : { what: 'idle', status: 'ok', sentence: said };
}

function replication({ load: { underReplicated }, behind }: BrokersInput): BrokerRow {
  const worst = underReplicated ?? behind;
  if (worst === null)
    return { what: 'replication', status: 'unknown', sentence: 'not seen (give --kafka-metrics-url, or --kafka for the own topics)' };
  const whose = underReplicated === null ? "of the connector's topics" : 'that this broker leads';
  return worst > 0
    ? {
        what: 'replication',
        status: 'critical',
        sentence: `${count(worst)} partitions ${whose} have replicas that do not follow: mend that before anything is scaled`,
      }
    : { what: 'replication', status: 'ok', sentence: `no partition ${whose} is under-replicated` };
}

/**
 * What is busy grows with the bytes that come in: the share of now, times what comes in at the peak over what comes in now. Replicas are written by
 * every broker that has one, so one broker of n gets peak x replicas / n.
 */
function atPeak({ load, brokers, replicas, peakBytes, nowBytes }: BrokersInput): { idleAtPeak: number | null; wanted: number | null } {
  if (load.bytesIn === null || load.idle === null || nowBytes === null || brokers === null || load.bytesIn < LEAST_BYTES)
    return { idleAtPeak: null, wanted: null };
  const more = Math.max(0, ((peakBytes - nowBytes) * (replicas ?? 1)) / brokers);
  const busy = (1 - load.idle) * ((load.bytesIn + more) / load.bytesIn);
  return { idleAtPeak: Math.max(0, 1 - busy), wanted: Math.max(brokers, Math.ceil((busy * brokers) / (1 - LEAST_IDLE))) };
}

function peak({ peakBytes, brokers }: BrokersInput, idleAtPeak: number | null, wanted: number | null): BrokerRow {
  const load = `the connector writes ${bytes(peakBytes)}/s at its peak`;
  if (idleAtPeak === null || wanted === null || brokers === null)
    return {
      what: 'peak',
      status: 'unknown',
      sentence: `${load}; what that costs the brokers is not known (give --kafka and --kafka-metrics-url while there is traffic)`,
    };
  const then = `${load}, and the request handlers would be idle ${percent(idleAtPeak * 100)} of the time then`;
  return wanted > brokers
    ? { what: 'peak', status: 'warning', sentence: `${then}: ${count(wanted)} brokers instead of ${count(brokers)} keep 30 %` }
    : { what: 'peak', status: 'ok', sentence: `${then}: ${count(brokers)} ${brokers === 1 ? 'broker carries' : 'brokers carry'} it` };
}

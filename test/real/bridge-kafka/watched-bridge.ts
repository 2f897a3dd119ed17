import type { TestContext } from 'node:test';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';
import type { SinkTrouble } from '../../../proto/vocabulary/sink-troubles.ts';
import { startBridgeProcess } from '../../doubles/bridge-process.ts';
import { exportRequest } from '../../doubles/load.ts';
import { until } from '../../doubles/until.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
export const NOTICED_MS = 60_000;

/** What the bridge does between two looks at Kafka is over in seconds. */
const QUICK = { 'bridge.kafka.request.timeout.ms': '3000', 'bridge.kafka.metadata.max.age.ms': '1000' };

type Trouble = { signal: string; topic: string; reason: SinkTrouble; sentence: string };
type Document = { counters: Record<string, number>; derived: Record<string, number>; sink: { troubles: Trouble[] } };

/** A bridge that writes to this Kafka, is sent single requests, and is asked what troubles it. It ends with the test. */
export async function watchedBridge(t: TestContext, kafka: string, keys: Record<string, string> = {}) {
  const bridge = await startBridgeProcess({ 'bridge.sink': 'kafka', 'bridge.kafka.bootstrap.servers': kafka, ...QUICK, ...keys });
  t.after(() => bridge.stop());
  let sent = 0;
  const document = async () => (await (await fetch(bridge.metricsUrl)).json()) as Document;
  const send = async (signal: Signal = 'traces') => {
    const url = `http://127.0.0.1:${bridge.ports.http}${SIGNAL[signal].path}`;
    const answer = await fetch(url, { method: 'POST', headers: PROTOBUF, body: new Uint8Array(exportRequest(signal, `m${sent++}`)) });
    await answer.arrayBuffer();
    return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
  };
  return {
    bridge,
    document,
    /** an answer's status */
    send: async (signal?: Signal) => (await send(signal)).status,
    /** sends until a request is stored */
    stores: () => until('a request to be stored', async () => (await send()).status === 200 || undefined, NOTICED_MS),
    /** Sends until the bridge names this. */
    troubled: (reason: SinkTrouble, sending: () => Promise<unknown>) =>
      until(
        reason,
        async () => {
          await sending();
          return (await document()).sink.troubles.find((one) => one.reason === reason);
        },
        NOTICED_MS,
      ),
    /** Sends until it is refused for this, and gives what the bridge says in its answer, its metrics and its log. */
    async refusing(reason: SinkTrouble) {
      let seen: unknown;
      const refused = until(
        `requests to be refused for ${reason}`,
        async () => {
          const { status, retryAfter } = await send();
          const { troubles } = (await document()).sink;
          const trouble = troubles.find((one) => one.reason === reason);
          const warnings = bridge.log().match(/ WARN .* kafka .*/g) ?? [];
          const warning = warnings.findLast((line) => trouble && line.includes(trouble.sentence));
          seen = { status, troubles, warnings };
          return status !== 200 && trouble && warning !== undefined ? { status, retryAfter, trouble, warning } : undefined;
        },
        NOTICED_MS,
      );
      return refused.catch((error: Error) => {
        throw new Error(`${error.message}, but saw ${JSON.stringify(seen)}`);
      });
    },
    recovered: () =>
      until(
        'everything to be stored, and no trouble',
        async () => {
          const { sink, derived, counters } = await document();
          return (sink.troubles.length === 0 && derived.TotalLagCount === 0 && counters.RecordsProduced! > 0) || undefined;
        },
        NOTICED_MS,
      ),
    warnings: () => bridge.log().match(/ WARN .* kafka .*/g) ?? [],
    ofLibrary: () => bridge.log().match(/ kafkajs: .*/g) ?? [],
  };
}

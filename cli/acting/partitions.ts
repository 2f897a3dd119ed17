import { setTimeout as delay } from 'node:timers/promises';
import type { PartitionsStep } from '../../checks/actions/plan.ts';
import { withKafka, type KafkaAccess } from '../../checks/probes/kafka-client.ts';
import type { Going, Stage, StepEnd } from './stage.ts';

/** Of one exchange; Kafka's controller answers in milliseconds. */
const ASK_MS = 10_000;
const POLL_MS = 250;

/** Asks for them, and looks until the metadata shows them, whatever the answer was. */
export async function addPartitions(step: PartitionsStep, index: number, stage: Stage, going: Going): Promise<StepEnd> {
  const { topic, partitions, deadlineMs, does } = step;
  const [bootstrap] = stage.target.kafka ?? [];
  if (bootstrap === undefined)
    return { outcome: 'not-tried', sentence: 'nobody said where Kafka is (give --kafka HOST:PORT): nothing was changed' };
  const access: KafkaAccess = {
    ...{ bootstrap, security: stage.target.kafkaSecurity, signal: stage.signal, count: () => undefined },
    deadlineMs: Math.min(ASK_MS, deadlineMs),
  };
  const began = performance.now();
  const countNow = async (): Promise<number | string> => {
    const asked = await withKafka(
      access,
      async (admin) => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length ?? 0,
    );
    return 'value' in asked ? asked.value : asked.detail;
  };
  if ((await countNow()) === partitions) {
    stage.say(`${topic} has ${partitions} partitions already`);
    return undefined;
  }
  stage.journal({ event: 'sending', step: index, does });
  const made = await withKafka(access, (admin) =>
    admin.createPartitions({ topicPartitions: [{ topic, count: partitions }], timeout: access.deadlineMs }),
  );
  const failure = 'value' in made ? null : made.detail;
  const ms = (): number => Math.round(performance.now() - began);
  stage.journal({ event: 'answered', step: index, ms: ms(), attempts: 1, status: null, failure, answer: null });
  going.commands.push(does);
  for (;;) {
    const is = await countNow();
    if (is === partitions) {
      stage.say(`${topic} has ${partitions} partitions`);
      return undefined;
    }
    // What Kafka itself has refused does not come about by waiting.
    const isRefused = failure !== null && 'failure' in made && made.failure !== 'timeout';
    if (isRefused || ms() >= deadlineMs || stage.signal.aborted) {
      const seen = typeof is === 'number' ? `${topic} has ${is} partitions` : `${topic} could not be looked at (${is})`;
      return { outcome: 'not-seen', sentence: `${failure === null ? '' : `${failure}; `}${seen}` };
    }
    await delay(POLL_MS, undefined, { signal: stage.signal }).catch(() => undefined);
  }
}

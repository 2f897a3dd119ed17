import { joinAddress } from '../checks/address.ts';
import { list } from '../checks/derive/words.ts';
import { seen, type Facts } from '../checks/facts/index.ts';
import type { Forms } from '../checks/plans/measured.ts';
import { readRecords, type TopicRecords } from '../checks/probes/kafka-records.ts';
import { formSizes } from '../checks/probes/record-forms.ts';
import type { Signal } from '../proto/vocabulary/signals.ts';
import type { OptionValues } from './read-options.ts';
import { targetOf } from './target-options.ts';
import { endAfter } from './end-after.ts';

/** Records of the connector's own topics, measured. `averageBytes` weighs each topic by its signal's rate, where that is known. */
export type Sampled = {
  records: number;
  topics: string[];
  averageBytes(rateOf: (signal: Signal) => number | null): number | null;
  forms: Forms | null;
};

/** Null where no broker was given; `missing`: why none could be read. */
export async function sampleRecords(facts: Facts, values: OptionValues): Promise<Sampled | { missing: string } | null> {
  if (values.kafka === undefined) return null;
  const brokers = seen(facts, 'kafka.brokers');
  const bootstrap = brokers?.bootstrap.find((look) => 'ms' in look)?.address;
  if (bootstrap === undefined)
    return { missing: `Kafka did not answer at ${values.kafka.map(joinAddress).join(', ')}: no record was read.` };
  const topics = seen(facts, 'kafka.topics')?.topics.filter(({ exists }) => exists === true) ?? [];
  if (topics.length === 0) return { missing: 'None of the topics is there to be read.' };
  const deadlineMs = Math.min(3000, ((values.timeout ?? 10) * 1000) / 3);
  const signal = endAfter((values.timeout ?? 10) * 1000);
  const security = targetOf(values).kafkaSecurity;
  const read = await readRecords({ bootstrap, security, deadlineMs, signal, count: () => undefined }, topics);
  if (!('value' in read)) return { missing: `No record could be read: ${read.detail}.` };
  const full = read.value.filter((topic) => topic.values.length > 0);
  const lost = read.value.find((topic) => topic.lost !== undefined);
  if (full.length === 0)
    return {
      missing:
        lost === undefined
          ? `${list(topics.map(({ name }) => name))} hold no record.`
          : `No record of ${lost.name} could be read: ${lost.lost}.`,
    };
  return sampledOf(full);
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

function sampledOf(topics: readonly TopicRecords[]): Sampled {
  const average = topics.map(({ signal, values }) => ({ signal, bytes: mean(values.map(({ length }) => length)), records: values.length }));
  return {
    records: average.reduce((sum, { records }) => sum + records, 0),
    topics: topics.map(({ name }) => name),
    averageBytes(rateOf) {
      const rates = average.map(({ signal }) => rateOf(signal));
      const weights = rates.every((one) => one === null || one === 0)
        ? average.map(({ records }) => records)
        : rates.map((one) => one ?? 0);
      const total = weights.reduce((sum, one) => sum + one, 0);
      return total === 0 ? null : average.reduce((sum, { bytes }, at) => sum + bytes * weights[at]!, 0) / total;
    },
    forms: formsOf(topics),
  };
}

/** Null where no record is an Export request in a form that is known. */
function formsOf(topics: readonly TopicRecords[]): Forms | null {
  const all = topics.flatMap(({ signal, values }) => values.flatMap((value) => formSizes(value, signal) ?? []));
  if (all.length === 0) return null;
  const forms = [...new Set(all.map(({ form }) => form))];
  return {
    records: all.length,
    form: forms.join(', '),
    jsonBytes: Math.round(mean(all.map(({ jsonBytes }) => jsonBytes))),
    protobufBytes: Math.round(mean(all.map(({ protobufBytes }) => protobufBytes))),
  };
}

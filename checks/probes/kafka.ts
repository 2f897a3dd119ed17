import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, BrokerLook, Fact, KafkaBrokers, Sample, TargetFact } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { joinAddress, sameHost } from '../address.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { withKafka } from './kafka-client.ts';
import type { KafkaAccess } from './kafka-client.ts';
import { kafkaErrorOf, kafkaFailure } from './kafka-failure.ts';
import { helloKafka } from './kafka-hello.ts';
import { endOffset, readTopics } from './kafka-topics.ts';
import type { TopicName } from './kafka-topics.ts';
import type { Answer, Look, Outcome, Probe, UnaskedOutcome } from './probe.ts';

/** Brokers that are looked at one by one. */
const MOST_BROKERS = 50;
const NOT_GIVEN: UnaskedOutcome = { unasked: 'skipped', reason: 'no broker was given', give: '--kafka HOST:PORT' };

const answers = (look: BrokerLook): boolean => 'ms' in look;
const firstThatAnswers = ({ bootstrap }: KafkaBrokers): Address | undefined => bootstrap.find(answers)?.address;

export const accessOf = (look: Look, bootstrap: Address): KafkaAccess => ({
  bootstrap,
  security: look.target.kafkaSecurity,
  deadlineMs: look.deadlineMs,
  signal: look.signal,
  count: look.count,
});

function hello(look: Look, address: Address): Promise<BrokerLook> {
  look.count();
  return helloKafka(address, { deadlineMs: look.deadlineMs, signal: look.signal }, look.target.kafkaSecurity?.tls);
}

/** Every address that was given, then every broker at the address that it advertises: both have to answer, an open port is no proof. */
export const brokersProbe: Probe = {
  gives: ['kafka.brokers'],
  rounds: 3,
  async look(look) {
    const given = look.target.kafka ?? [];
    if (given.length === 0) return { 'kafka.brokers': { source: 'Kafka', ...NOT_GIVEN } };
    const bootstrap = await Promise.all(given.map((address) => hello(look, address)));
    const source = `ApiVersions and Metadata of ${given.map(joinAddress).join(', ')}`;
    return { 'kafka.brokers': { source, value: await brokersBehind(look, bootstrap) } };
  },
};

async function brokersBehind(look: Look, bootstrap: BrokerLook[]): Promise<KafkaBrokers> {
  const at = firstThatAnswers({ bootstrap, cluster: null, brokers: [] });
  if (at === undefined) return { bootstrap, cluster: null, brokers: [] };
  const told = await withKafka({ ...accessOf(look, at), pinned: true }, (admin) => admin.describeCluster());
  if ('failure' in told) {
    const { failure, detail } = told;
    return { bootstrap, cluster: null, brokers: [], refusal: { failure, detail } };
  }
  const { brokers, clusterId, controller } = told.value;
  const looks = brokers
    .sort((a, b) => a.nodeId - b.nodeId)
    .slice(0, MOST_BROKERS)
    .map(async ({ nodeId, host, port }) => {
      const known = bootstrap.find(({ address }) => address.port === port && sameHost(address.host, host));
      const address = { host, port };
      return { id: nodeId, ...(known === undefined ? await hello(look, address) : { ...known, address }) };
    });
  return { bootstrap, cluster: { id: clusterId, controller }, brokers: await Promise.all(looks) };
}

/** Transformations may send records to other topics than the configuration names. */
const isRerouted = (config: Readonly<Record<string, string>>): boolean => (config['transforms'] ?? '').trim() !== '';

/** The connector's topics: as configured, or by their defaults where Connect could not be read. */
function topicsOf({ config }: Pick<TargetFact, 'config'>): { names: TopicName[]; assumed?: true } | UnaskedOutcome {
  if (config !== null && isRerouted(config))
    return { unasked: 'skipped', reason: 'transforms of the connector may send records to other topics than it names' };
  const names = SIGNALS.map((signal) => ({ signal, name: config?.[SIGNAL[signal].topicKey] ?? SIGNAL[signal].topic }));
  return config === null ? { names, assumed: true } : { names };
}

type Place = { names: TopicName[]; assumed?: true; at: Address; broker: number | null };

/** What has to be known before a topic can be asked for; else why it is not. */
export function placeOf(brokers: Fact<KafkaBrokers>, target: Fact<TargetFact>): Place | Outcome<never> {
  if (!isSeen(brokers))
    return 'failure' in brokers ? brokers : { unasked: brokers.unasked, reason: brokers.reason, ...giveOf(brokers.give) };
  const at = firstThatAnswers(brokers.value);
  if (at === undefined || brokers.value.cluster === null) return { unasked: 'skipped', reason: 'Kafka did not answer' };
  // The leader of a partition is reached where it advertises itself and nowhere else.
  if (!brokers.value.brokers.some(answers)) return { unasked: 'skipped', reason: 'no broker answers at the address that it advertises' };
  const topics = topicsOf(isSeen(target) ? target.value : { config: null });
  if (!('names' in topics)) return topics;
  const { controller } = brokers.value.cluster;
  return { ...topics, at, broker: controller ?? brokers.value.brokers[0]?.id ?? null };
}

const giveOf = (give: string | undefined) => (give === undefined ? {} : { give });

export const topicsProbe: Probe = {
  gives: ['kafka.topics'],
  needs: ['kafka.brokers', 'target'],
  rounds: 3,
  async look(look) {
    const place = placeOf(await look.fact('kafka.brokers'), await look.fact('target'));
    if (!('names' in place)) return { 'kafka.topics': { source: 'Kafka topics', ...place } };
    const { names, assumed, at, broker } = place;
    const read = await withKafka(accessOf(look, at), (admin) => readTopics(admin, names, broker));
    const source = `Metadata and DescribeConfigs of ${names.map(({ name }) => name).join(', ')} at ${joinAddress(at)}`;
    const answer = 'failure' in read ? read : { value: { ...read.value, ...(assumed === undefined ? {} : { assumed }) } };
    return { 'kafka.topics': { source, ...answer } };
  },
};

/** The end of every topic when the window begins and when it ends: what has surely arrived. */
export const offsetsProbe: Probe = {
  gives: ['kafka.offsets'],
  needs: ['kafka.topics', 'kafka.brokers', 'target'],
  rounds: 2,
  windowed: true,
  async look(look) {
    const topics = await look.fact('kafka.topics');
    const place = placeOf(await look.fact('kafka.brokers'), await look.fact('target'));
    if (!('names' in place)) return { 'kafka.offsets': { source: 'Kafka offsets', ...place } };
    const there = isSeen(topics) ? topics.value.topics.filter(({ exists }) => exists === true).map(({ name }) => name) : [];
    const absent = place.names.map(({ name }) => name).filter((name) => !there.includes(name));
    const source = `ListOffsets of ${place.names.map(({ name }) => name).join(', ')} at ${joinAddress(place.at)}`;
    if (there.length === 0) return { 'kafka.offsets': { source, unasked: 'skipped', reason: 'none of the topics is there to be read' } };
    return { 'kafka.offsets': { source, ...(await watch(look, place.at, there, absent)) } as Answer<never> };
  },
};

async function watch(look: Look, at: Address, names: readonly string[], absent: string[]) {
  const { windowMs } = look;
  const began = performance.now();
  const first = await readOffsets(look, at, names);
  if ('failure' in first) return first;
  const samples = [first];
  const gaps: { at: number; detail: string }[] = [];
  if (windowMs > 0) {
    await sleep(Math.max(began + windowMs - performance.now(), 0), undefined, { signal: look.signal }).catch(() => undefined);
    const last = await readOffsets(look, at, names);
    if ('failure' in last) gaps.push({ at: look.settings.now(), detail: last.detail });
    else samples.push(last);
  }
  return { value: { samples, absent, ...(gaps.length === 0 ? {} : { gaps }) } };
}

/** A connection of its own each time: none is held open while nobody speaks. A topic whose leader does not answer is left out of the sample. */
async function readOffsets(look: Look, at: Address, names: readonly string[]) {
  const began = look.settings.now();
  const read = await withKafka(accessOf(look, at), async (admin): Promise<Sample | ReturnType<typeof kafkaFailure>> => {
    const values: Record<string, number> = {};
    let failed: unknown;
    for (const name of names) {
      try {
        values[name] = await endOffset(admin, name);
      } catch (error) {
        failed = error;
        if (kafkaErrorOf(error) === undefined) break;
      }
    }
    return Object.keys(values).length === 0 ? kafkaFailure(failed, look.deadlineMs) : { at: began, values };
  });
  return 'value' in read ? read.value : read;
}

export const KAFKA_PROBES: readonly Probe[] = [brokersProbe, topicsProbe, offsetsProbe];

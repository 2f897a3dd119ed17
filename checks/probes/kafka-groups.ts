import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { joinAddress } from '../address.ts';
import type { KafkaGroup, KafkaGroups } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { accessOf, placeOf } from './kafka.ts';
import { withKafka } from './kafka-client.ts';
import { kafkaErrorOf } from './kafka-failure.ts';
import type { Answer, Probe } from './probe.ts';

/** Each group costs a request or two, and a Kafka may have thousands. */
const MOST_GROUPS = 200;

/** Groups that have committed offsets on the connector's topics, and how far behind each is, at both ends of the window. Nothing is joined or committed. */
export const groupsProbe: Probe = {
  gives: ['kafka.groups'],
  needs: ['kafka.topics', 'kafka.brokers', 'target'],
  rounds: 4,
  windowed: true,
  async look(look) {
    const topics = await look.fact('kafka.topics');
    const place = placeOf(await look.fact('kafka.brokers'), await look.fact('target'));
    if (!('names' in place)) return { 'kafka.groups': { source: 'Kafka groups', ...place } };
    const there = isSeen(topics) ? topics.value.topics.filter(({ exists }) => exists === true).map(({ name }) => name) : [];
    const source = `ListGroups and OffsetFetch at ${joinAddress(place.at)}`;
    if (there.length === 0) return { 'kafka.groups': { source, unasked: 'skipped', reason: 'none of the topics is there to be read' } };
    const { windowMs } = look;
    const began = performance.now();
    const access = accessOf(look, place.at);
    const first = await withKafka(access, (admin) => readGroups(admin, there));
    if ('failure' in first || windowMs === 0 || first.value.groups.length === 0)
      return {
        'kafka.groups': { source, ...('failure' in first ? first : { value: { ...first.value, spanMs: 0 } }) } as Answer<KafkaGroups>,
      };
    await sleep(Math.max(began + windowMs - performance.now(), 0), undefined, { signal: look.signal }).catch(() => undefined);
    const spanMs = Math.round(performance.now() - began);
    const ids = first.value.groups.map(({ id }) => id);
    const last = await withKafka(access, (admin) => lagsOf(admin, ids, there));
    const value =
      'failure' in last ? { ...first.value, spanMs: 0 } : { ...first.value, groups: first.value.groups.map(later(last.value)), spanMs };
    return { 'kafka.groups': { source, value } };
  },
};

type Lags = Map<string, KafkaGroup['topics']>;

const later =
  (lags: Lags) =>
  (group: KafkaGroup): KafkaGroup => ({
    ...group,
    topics: group.topics.map((before) => {
      const now = lags.get(group.id)?.find(({ name }) => name === before.name);
      return now === undefined ? before : { ...now, lagBefore: before.lag };
    }),
  });

async function readGroups(admin: Admin, topics: readonly string[]): Promise<Omit<KafkaGroups, 'spanMs'>> {
  const { groups } = await admin.listGroups();
  const ids = groups.map(({ groupId }) => groupId).sort();
  const asked = ids.slice(0, MOST_GROUPS);
  const lags = await lagsOf(admin, asked, topics);
  const readers = [...lags].filter(([, of]) => of.length > 0);
  const described = await describe(
    admin,
    readers.map(([id]) => id),
  );
  return {
    listed: ids.length,
    asked: asked.length,
    groups: readers.map(([id, of]): KafkaGroup => ({ id, state: null, members: null, ...described.get(id), topics: of })),
  };
}

async function lagsOf(admin: Admin, ids: readonly string[], topics: readonly string[]): Promise<Lags> {
  const ends = new Map<string, Map<number, number>>();
  for (const topic of topics)
    ends.set(topic, new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)])));
  const lags: Lags = new Map();
  for (const groupId of ids) lags.set(groupId, await lagOf(admin, groupId, topics, ends));
  return lags;
}

async function lagOf(admin: Admin, groupId: string, topics: readonly string[], ends: ReadonlyMap<string, ReadonlyMap<number, number>>) {
  try {
    const offsets = await admin.fetchOffsets({ groupId, topics: [...topics] });
    return offsets.flatMap(({ topic, partitions }) => {
      // -1: nothing was ever committed for it.
      const committed = partitions.filter(({ offset }) => Number(offset) >= 0);
      const lag = committed.reduce(
        (sum, { partition, offset }) => sum + Math.max((ends.get(topic)?.get(partition) ?? 0) - Number(offset), 0),
        0,
      );
      return committed.length === 0 ? [] : [{ name: topic, partitions: committed.length, lag }];
    });
  } catch (error) {
    // Kafka's own answer concerns this group alone: it may not be read, or is gone since.
    if (kafkaErrorOf(error) === undefined) throw error;
    return [];
  }
}

/** States and members; those that may not be described are left out. */
async function describe(admin: Admin, ids: string[]): Promise<Map<string, Pick<KafkaGroup, 'state' | 'members'>>> {
  try {
    const { groups } = ids.length === 0 ? { groups: [] } : await admin.describeGroups(ids);
    return new Map(
      groups.flatMap(({ groupId, state, members }) => (state === 'Dead' ? [] : [[groupId, { state, members: members.length }]])),
    );
  } catch (error) {
    if (kafkaErrorOf(error) === undefined) throw error;
    return new Map();
  }
}

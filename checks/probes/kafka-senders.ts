import { joinAddress } from '../address.ts';
import { isSeen } from '../facts/index.ts';
import { accessOf, placeOf } from './kafka.ts';
import { readRecords } from './kafka-records.ts';
import type { Probe } from './probe.ts';
import { sendersIn } from './senders.ts';

/** Senders that are kept: a fact is bounded. */
const MOST = 50;

/** Who sends, from the newest records of the connector's topics. Nothing is joined, committed or written; of the records only names are kept. */
export const kafkaSendersProbe: Probe = {
  gives: ['kafka.senders'],
  needs: ['kafka.topics', 'kafka.brokers', 'target'],
  rounds: 4,
  async look(look) {
    const topics = await look.fact('kafka.topics');
    const place = placeOf(await look.fact('kafka.brokers'), await look.fact('target'));
    if (!('names' in place)) return { 'kafka.senders': { source: 'records of the topics', ...place } };
    const source = `Fetch at ${joinAddress(place.at)}`;
    const there = isSeen(topics) ? topics.value.topics.filter(({ exists }) => exists === true) : [];
    if (there.length === 0) return { 'kafka.senders': { source, unasked: 'skipped', reason: 'none of the topics is there to be read' } };
    const read = await readRecords(accessOf(look, place.at), there);
    if (!('value' in read)) return { 'kafka.senders': { source, ...read } };
    const { senders, ...counts } = sendersIn(read.value);
    const unread = read.value.flatMap(({ name, lost }) => (lost === undefined ? [] : [{ topic: name, why: lost }]));
    return {
      'kafka.senders': { source, value: { ...counts, senders: senders.slice(0, MOST), more: Math.max(0, senders.length - MOST), unread } },
    };
  },
};

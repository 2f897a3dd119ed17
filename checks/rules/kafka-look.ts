import type { Rule } from '../rule.ts';
import { defineObserverRule } from '../rule.ts';
import { quote } from '../derive/evidence.ts';
import { workerMissesKafka, workerWasSeen } from '../derive/kafka-loss.ts';
import { clusterMismatch, kafkaTool, ownLook } from '../derive/kafka.ts';
import { topicsLook } from '../derive/topics.ts';
import { curl, connectUrl } from '../derive/commands.ts';
import { lookAgain, remedy } from '../derive/remedy.ts';
import { list } from '../derive/words.ts';
import { joinAddress } from '../address.ts';
import type { Facts, KafkaTopic } from '../facts/index.ts';
import { isFailed, isUnasked } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Evidence } from '../report.ts';
import { KAFKA_STEPS } from './echoes.ts';

/** Kafka was asked, and what came back says nothing about this target. */

export const wrongCluster = defineObserverRule({
  id: 'wrong-cluster',
  explains: KAFKA_STEPS,
  heading: 'Quick Commands Reference',
  meaning:
    'The Kafka that was looked at is not the one that this Connect writes to: the ids of the clusters differ. What was seen of that Kafka says nothing about this target.',
  when({ facts }) {
    const mismatch = clusterMismatch(facts);
    if (mismatch === undefined) return undefined;
    const given = (seen(facts, 'target')?.kafka ?? []).join(', ');
    return {
      sentence: `The Kafka at ${given === '' ? 'the address given' : given} is cluster ${mismatch.ours}, but this Connect writes to cluster ${mismatch.theirs}: nothing seen of it counts here.`,
      evidence: [quote(facts, 'kafka.brokers', 'cluster.id'), quote(facts, 'rest.root', 'kafka_cluster_id')],
    };
  },
  remedies: ({ facts }) => [
    remedy("Give the brokers that the worker's bootstrap.servers names with --kafka.", curl(`${connectUrl(facts)}/`)),
  ],
});

type Trouble = { why: string; evidence: Evidence[] };

/** Kafka that could not be asked, or did not tell, while the worker shows no want of it. */
function notSeen(facts: Facts): Trouble | undefined {
  const brokers = facts['kafka.brokers'];
  if (isFailed(brokers)) return { why: brokers.detail, evidence: [quote(facts, 'kafka.brokers')] };
  if (isUnasked(brokers))
    return brokers.unasked === 'unknown' ? { why: brokers.reason, evidence: [quote(facts, 'kafka.brokers')] } : undefined;
  const own = ownLook(facts);
  if (own === undefined) return undefined;
  const { state, at, how, unreached, evidence } = own;
  if (state === 'foreign' || state === 'withheld') return { why: `${at}: ${how}`, evidence };
  if (state === 'answers') return topicsNotSeen(facts);
  if (workerMissesKafka(facts)) return undefined;
  const well = workerWasSeen(facts) ? 'the worker shows no want of its Kafka' : 'whether the worker reaches it is not known';
  if (state === 'advertised')
    return {
      why: `it answers at ${at} and advertises ${list(unreached.map((look) => joinAddress(look.address)))}, which cannot be reached from here; ${well}`,
      evidence,
    };
  return { why: `${at}: ${how}; ${well}`, evidence };
}

function topicsNotSeen(facts: Facts): Trouble | undefined {
  const fact = facts['kafka.topics'];
  if (isFailed(fact)) return { why: fact.detail, evidence: [quote(facts, 'kafka.topics')] };
  if (isUnasked(fact) && fact.unasked === 'unknown') return { why: fact.reason, evidence: [quote(facts, 'kafka.topics')] };
  const closed = (topicsLook(facts)?.topics ?? []).flatMap((topic, i): [KafkaTopic, number][] =>
    topic.exists === null ? [[topic, i]] : [],
  );
  if (closed.length === 0) return undefined;
  return {
    why: list(closed.map(([{ name, error }]) => `${name}: ${error ?? 'no answer'}`)),
    evidence: closed.map(([, i]) => quote(facts, 'kafka.topics', `topics.${i}.error`)),
  };
}

export const kafkaUnavailable = defineObserverRule({
  id: 'kafka-unavailable',
  explains: KAFKA_STEPS,
  heading: 'Issue 3: High Message Drop Rate',
  meaning:
    'Kafka was asked and could not be looked at from here, while nothing shows that the worker misses it: another address or listener than the worker uses, something else at that port, or credentials that do not suffice. Brokers and topics are then not known.',
  when({ facts }) {
    const trouble = notSeen(facts);
    return trouble === undefined
      ? undefined
      : {
          sentence: `Kafka could not be looked at from here (${trouble.why}): brokers and topics are not known.`,
          evidence: trouble.evidence,
        };
  },
  remedies: ({ facts }) => [
    remedy(
      "Give an address that the worker's bootstrap.servers names, as reached from here, and with --kafka-config the settings that its clients need.",
      kafkaTool(facts, 'kafka-broker-api-versions'),
    ),
    lookAgain(facts, 'Then look again.'),
  ],
});

export const KAFKA_LOOK_RULES: readonly Rule[] = [wrongCluster, kafkaUnavailable];

import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { clusterMismatch, kafkaTool, ownLook } from '../derive/kafka.ts';
import { count, list, span } from '../derive/words.ts';
import { cannot, fail, pass, without } from '../derive/verdict.ts';
import { joinAddress } from '../address.ts';
import type { Facts, KafkaBrokers } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const kafkaBrokers = defineCheck({
  id: 'kafka-brokers',
  heading: 'Issue 3: High Message Drop Rate',
  question: 'Do the Kafka brokers answer, also where they advertise themselves?',
  why: 'A frozen broker still takes connections: only an answer counts. And a client is sent on from the bootstrap address to those that the brokers advertise: a Kafka that answers at the first and not at the others cannot be written to.',
  needs: ['kafka.brokers'],
  commands: ['kafka-broker-api-versions --bootstrap-server localhost:9092'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const mismatch = clusterMismatch(facts);
  if (mismatch !== undefined)
    return cannot(
      `Kafka answers, but it is cluster ${mismatch.ours}, and this Connect writes to ${mismatch.theirs}: what was seen of it says nothing here.`,
      quote(facts, 'kafka.brokers', 'cluster.id'),
    );
  const own = ownLook(facts);
  if (own === undefined) return without(facts, 'kafka.brokers', 'Kafka');
  const { state, at, how, brokers, unreached, evidence } = own;
  const byHand = kafkaTool(facts, 'kafka-broker-api-versions');
  if (state === 'foreign' || state === 'withheld') return cannot(`Kafka could not be asked at ${at}: ${how}.`, ...evidence);
  if (state === 'gone' || state === 'silent')
    return fail({ sentence: `Kafka does not answer at ${at}: ${how}.`, expected: 'an answer to ApiVersions', byHand, evidence });
  if (state === 'advertised')
    return fail({
      sentence: `Kafka answers at ${at}, but ${list(unreached.map(brokerAndWhy))}.`,
      expected: 'every broker answers at the address that it advertises',
      byHand,
      evidence,
    });
  return pass(`Kafka answers at ${at}${inTime(brokers)}: ${clusterWords(brokers)}${versionWords(brokers)}${others(brokers)}.`, ...evidence);
}

const brokerAndWhy = (look: KafkaBrokers['brokers'][number]): string =>
  `broker ${look.id} advertises ${joinAddress(look.address)}, where it does not answer (${'detail' in look ? look.detail : ''})`;

function inTime({ bootstrap }: KafkaBrokers): string {
  const first = bootstrap.find((look) => 'ms' in look);
  return first !== undefined && 'ms' in first ? ` in ${span(first.ms)}` : '';
}

const clusterWords = ({ cluster, brokers }: KafkaBrokers): string =>
  `cluster ${cluster?.id ?? 'without an id'}, ${count(brokers.length)} ${brokers.length === 1 ? 'broker, which answers' : 'brokers, which all answer'} at ${list(brokers.map(({ address }) => joinAddress(address)))}`;

/** What every broker takes: in the midst of an upgrade they differ, and clients use what all have. */
function versionWords({ brokers }: KafkaBrokers): string {
  const looks = brokers.flatMap((look) => ('ms' in look && look.versions !== undefined ? [look.versions] : []));
  const words = (['produce', 'fetch'] as const).flatMap((name) => {
    const ranges = new Set(looks.flatMap((versions) => (versions[name] === undefined ? [] : [versions[name].join(' to ')])));
    return ranges.size === 0 ? [] : [`${name} ${[...ranges].join(' or ')}`];
  });
  return words.length === 0 ? '' : `, with requests of version ${list(words)}`;
}

/** Other given addresses that do not answer: no harm while one does. */
function others({ bootstrap }: KafkaBrokers): string {
  const silent = bootstrap.flatMap((look) => ('detail' in look ? [`${joinAddress(look.address)} does not (${look.detail})`] : []));
  return silent.length === 0 ? '' : `; ${list(silent)}`;
}

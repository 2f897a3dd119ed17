import { defineCheck } from '../check.ts';
import { connectorCall } from '../derive/commands.ts';
import { connectorView } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { producerSettings } from '../derive/producer-settings.ts';
import type { ProducerSetting } from '../derive/producer-settings.ts';
import { cannot, pass, skip } from '../derive/verdict.ts';
import { list } from '../derive/words.ts';
import type { Facts, Unasked } from '../facts/index.ts';
import { isSeen, seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const producerConfiguration = defineCheck({
  id: 'producer-configuration',
  heading: 'Issue 3: High Message Drop Rate',
  question: "Which settings are in force for the task's producer?",
  why: 'Before they are tuned it must be known what they are: producer.override.* of the connector wins over producer.* of the worker, that over what Connect sets itself (acks=all, one request in flight), and that over the defaults of Kafka.',
  needs: ['host.worker-file', 'target', 'rest.root', 'rest.list'],
  commands: ['producer.linger.ms=10', 'producer.batch.size=32768', 'producer.compression.type=lz4', 'producer.acks=1'],
  evaluate: (facts) => judge(facts),
});

const FROM = {
  connector: 'of the connector',
  worker: "of the worker's file",
  connect: 'set by Connect',
  kafka: 'default of Kafka',
} as const;

function judge(facts: Facts): Verdict {
  if (seen(facts, 'target')?.kind === 'bridge')
    return skip("The producer's settings: a bridge has no worker; its own are bridge.kafka.* of its configuration.");
  const { settings, open } = producerSettings(facts);
  const file = facts['host.worker-file'];
  const config = connectorView(facts);
  const evidence = [
    ...(isSeen(file) ? [quote(facts, 'host.worker-file', 'producer')] : []),
    ...(config.config === null ? [] : [quote(facts, 'target', 'connector')]),
  ];
  const said = list(settings.map(words));
  if (isSeen(file) && config.config !== null) return pass(`In force for the producer: ${said} (file ${file.value.path}).`, ...evidence);
  const why =
    config.config === null
      ? "the connector's configuration could not be read"
      : `the worker's file is not known: ${(file as Unasked).reason}`;
  const known = settings.length === 0 ? '' : ` Known is ${said}.`;
  const give = 'give' in file && file.give !== undefined ? ` (give ${file.give})` : '';
  return {
    ...cannot(
      `Not all settings of the producer are known (${list(open.length === 0 ? ['overrides'] : open)}): ${why}${give}.${known}`,
      ...evidence,
    ),
    byHand: `${connectorCall(facts, 'GET', '/config')}; grep ^producer. connect-distributed.properties`,
  };
}

const words = ({ key, value, from }: ProducerSetting): string => `${key}=${value} (${FROM[from]})`;

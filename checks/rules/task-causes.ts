import type { Finding, Rule, View } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectUrl, curl } from '../derive/commands.ts';
import { configValue, connectorView } from '../derive/connector.ts';
import { failedWith } from '../derive/failure.ts';
import type { FailureId, FailureView } from '../derive/failure.ts';
import { changeConfig, configAct, remedy, restartAct, restartTheTask, restartWorkerAct } from '../derive/remedy.ts';
import { count, oneLine } from '../derive/words.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Remedy } from '../report.ts';
import { TASK_ECHOES } from './echoes.ts';

/** Causes that a task dies of, read from its trace: one row each. port-in-use, which needs more looks, is in port-in-use.ts. */
type Row = {
  id: FailureId;
  layer: Rule['layer'];
  meaning: string;
  sentence: (facts: Facts, failure: FailureView) => string;
  remedies: (facts: Facts, failure: FailureView) => Remedy[];
};

const rule = (row: Row): Rule =>
  defineRule({
    id: row.id,
    layer: row.layer,
    scope: 'target',
    status: 'critical',
    explains: [...TASK_ECHOES, 'plugin-presence', 'connector-configuration'],
    heading: 'Issue: Connector Not Running',
    meaning: row.meaning,
    when({ facts }: View): Finding | undefined {
      const failure = failedWith(facts, row.id);
      return failure === undefined ? undefined : { sentence: row.sentence(facts, failure), evidence: failure.evidence };
    },
    remedies({ facts }: View): Remedy[] {
      const failure = failedWith(facts, row.id);
      return failure === undefined ? [] : row.remedies(facts, failure);
    },
  });

const found = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
const topics = (facts: Facts): string[] => SIGNALS.map((s) => configValue(facts, SIGNAL[s].topicKey) ?? SIGNAL[s].topic);
/** The trace does not name the topic, the log line beside it does. */
const refusedTopic = (facts: Facts): string | undefined =>
  (seen(facts, 'log')?.troubles ?? [])
    .map((trouble) => found(trouble.message, /failed to send record to ([\w.-]+)/))
    .find((topic) => topic !== undefined);
/** No port where the configuration could not be read. */
const lowPort = (facts: Facts): { key: string; port: number | undefined } => {
  const key = (['otlp.http.port', 'otlp.grpc.port'] as const).find((name) => Number(configValue(facts, name)) < 1024) ?? 'otlp.http.port';
  const port = Number(configValue(facts, key));
  return { key, port: Number.isNaN(port) ? undefined : port };
};
const portInWords = (port: number | undefined): string => (port === undefined ? 'its port' : `port ${port}`);
const TLS_FILE_KEYS = ['otlp.tls.cert.path', 'otlp.tls.key.path'];

/** Both files are checked at every start, so both keys go. Source: connector-facts, "Identity and configuration". */
function withoutTls(facts: Facts, key: string): Remedy {
  const keys = TLS_FILE_KEYS.filter((name) => name === key || configValue(facts, name) !== undefined);
  const inUse = seen(facts, 'target')?.kind === 'bridge' && configValue(facts, 'otlp.tls.enabled')?.toLowerCase() === 'true';
  const gone = Object.fromEntries(keys.map((name) => [name, null]));
  return configAct(
    facts,
    inUse ? 'Or serve plaintext until then: senders with https fail.' : 'Or take the TLS keys out, since no TLS is served.',
    inUse ? { 'otlp.tls.enabled': 'false', ...gone } : gone,
  );
}
const task = (failure: FailureView): string => (failure.task === null ? 'the connector' : `task ${failure.task}`);

/** The broker's form names no size, the client's does. Source: recorded traces of both. */
const clientLimit = (failure: FailureView): { size: number; limit: number } | undefined => {
  const match = /message is (\d+) bytes when serialized which is larger than (\d+)/.exec(failure.trace);
  return match === null ? undefined : { size: Number(match[1]), limit: Number(match[2]) };
};

export const TASK_CAUSE_RULES: readonly Rule[] = [
  rule({
    id: 'port-permission-denied',
    layer: 'task',
    meaning: "The task may not open its port: ports below 1024 need a privilege that the worker's user lacks.",
    sentence: (facts, failure) =>
      `${task(failure).replace(/^t/, 'T')} may not open ${portInWords(lowPort(facts).port)}: the worker's user lacks the privilege for ports below 1024, so both receivers are down.`,
    remedies: (facts) => {
      const { key, port } = lowPort(facts);
      return [
        changeConfig(facts, `Give it a port from 1024 on (senders must follow); do not run Connect as root for it.`, {
          [key]: port === undefined ? defaultOf(key) : String(port + 14_000),
        }),
      ];
    },
  }),
  rule({
    id: 'plugin-missing',
    layer: 'worker',
    meaning:
      'A class of the connector cannot be loaded on the worker: the plug-in is not installed there, or a part of it is missing. The configuration is not at fault.',
    sentence: (facts, failure) => {
      const name = found(failure.trace, /(?:ClassNotFoundException|NoClassDefFoundError): ([\w.$/]+)/)?.replaceAll('/', '.');
      const worker = connectorView(facts).tasks[0]?.worker_id ?? connectorView(facts).status?.connector.worker_id ?? 'the worker';
      return name === undefined
        ? `The plug-in of ${connectorView(facts).name ?? 'the connector'} is not installed on worker ${worker} (${failure.cause}).`
        : `The plug-in on worker ${worker} is incomplete: class ${name} cannot be loaded.`;
    },
    remedies: (facts) => [
      remedy('See what is installed.', curl(`${connectUrl(facts)}/connector-plugins`)),
      restartWorkerAct(
        facts,
        'Put the whole plug-in back on plugin.path and restart the worker: every connector on it stops for that time.',
      ),
    ],
  }),
  rule({
    id: 'tls-files-unreadable',
    layer: 'connector',
    meaning: 'A file that the TLS keys name is gone or cannot be read. The connector checks it at every start, even with TLS switched off.',
    sentence: (_facts, failure) => {
      const key = found(failure.trace, /(otlp\.tls\.(?:cert|key)\.path)/) ?? 'otlp.tls.cert.path';
      const file = found(failure.trace, /Invalid value (\S+) for configuration/) ?? 'the file';
      return `${file}, which ${key} names, cannot be read (${oneLine(failure.cause.replace(/^.*otlp\.tls\.\w+\.path: ?/, ''), 120)}): the connector does not start, whether TLS is used or not.`;
    },
    remedies: (facts, failure) => {
      const key = found(failure.trace, /(otlp\.tls\.(?:cert|key)\.path)/) ?? 'otlp.tls.cert.path';
      const file = found(failure.trace, /Invalid value (\S+) for configuration/) ?? '';
      return [
        restartAct(facts, `Restore ${file} on the worker, then start connector and task again.`, { force: true }),
        withoutTls(facts, key),
      ];
    },
  }),
  rule({
    id: 'record-too-large',
    layer: 'kafka',
    meaning:
      'One request became a record larger than the producer or the topic takes. Such an error is final: the task dies of it, and all three signals and both ports with it.',
    sentence: (facts, failure) => {
      const limit = clientLimit(failure);
      if (limit !== undefined)
        return `A request became a record of ${count(limit.size)} bytes, larger than the producer's max.request.size ${count(limit.limit)}: the task died of it, for all signals.`;
      return `A record is larger than max.message.bytes of topic ${refusedTopic(facts) ?? `${topics(facts).join(' or ')}`}: Kafka refused it and the task died of it, for all signals.`;
    },
    remedies: (facts, failure) => {
      const limit = clientLimit(failure);
      const topic = refusedTopic(facts) ?? topics(facts)[0] ?? 'otlp-traces';
      if (limit !== undefined)
        return [
          restartTheTask(facts, 'Bring the receivers back now; the next such request ends them again.', failure.task ?? 0),
          changeConfig(facts, "Raise the producer's limit and the topic's with it, or have senders make smaller batches.", {
            'producer.override.max.request.size': String(limit.size * 2),
          }),
        ];
      return [
        remedy(
          'Raise max.message.bytes of the topic, or have senders make smaller batches; a restart alone dies of the next such record.',
          `kafka-configs --bootstrap-server localhost:9092 --alter --entity-type topics --entity-name ${topic} --add-config max.message.bytes=10485760`,
        ),
        restartTheTask(facts, '', failure.task ?? 0),
      ];
    },
  }),
  rule({
    id: 'kafka-authorization-denied',
    layer: 'kafka',
    meaning: "Kafka does not let the task's producer write the topic. The error is final: the task dies of it.",
    sentence: (_facts, failure) =>
      `Kafka refuses the task ${found(failure.trace, /topics: \[([^\]]+)\]/) === undefined ? 'its access' : `to write ${found(failure.trace, /topics: \[([^\]]+)\]/) ?? ''}`} (${failure.cause}): the task died of it.`,
    remedies: (facts, failure) => {
      const topic = found(failure.trace, /topics: \[([^\],]+)/) ?? topics(facts)[0] ?? 'otlp-traces';
      return [
        remedy(
          'Grant Write and Describe on the topic to the principal of the Connect worker.',
          `kafka-acls --bootstrap-server localhost:9092 --add --allow-principal User:connect --operation Write --operation Describe --topic ${topic}`,
        ),
        restartTheTask(facts, '', failure.task ?? 0),
      ];
    },
  }),
  rule({
    id: 'topic-create-failed',
    layer: 'kafka',
    meaning:
      'Connect creates the topic itself as topic.creation.* says, and Kafka refuses: most often more replicas are asked for than there are brokers.',
    sentence: (_facts, failure) =>
      `Connect could not create topic ${found(failure.trace, /topic\(s\) '([^']+)'/) ?? ''}: ${failure.cause.replace(/^\w+: /, '').replace(/\.$/, '')}.`,
    remedies: (facts) => [
      changeConfig(facts, 'Ask for no more replicas than there are brokers.', { 'topic.creation.default.replication.factor': '1' }),
      restartTheTask(facts, 'If the task stays FAILED after that:'),
    ],
  }),
  rule({
    id: 'converter-mismatch',
    layer: 'connector',
    meaning:
      'The value converter cannot take what the connector makes: it makes strings. After each restart all looks well until the first message comes.',
    sentence: (facts, failure) =>
      `The value converter ${connectorView(facts).config?.['value.converter'] ?? 'of the worker'} cannot convert the connector's strings (${failure.cause}): the task dies of the first message.`,
    remedies: (facts) => [
      changeConfig(facts, 'Use the string converter; a restart alone fails again with the next message.', {
        'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      }),
    ],
  }),
];

import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { connectorView } from './connector.ts';
import { list } from './words.ts';

/** Who keeps this connector's configuration elsewhere and puts it back, as far as it can be seen from REST. */
export type Operator = { name: string; by: string; note: string };

/** References that only this operator's configuration providers resolve. Source: Strimzi documentation, "Loading configuration values from external sources" and "EnvVar, File and Directory providers". */
const STRIMZI_REFERENCE = /\$\{(strimzienv|strimzifile|strimzidir):/;
/** `my-connect-0.my-connect.kafka.svc:8083`: a pod of a set, its headless service, its namespace. Strimzi names the set CLUSTER-connect. */
const STRIMZI_WORKER = /^(([\w-]+)-connect)-\d+\.\1\.([\w-]+)\.svc(?:\.|:|$)/;
/** Confluent for Kubernetes: `connect-0.connect.confluent.svc.cluster.local`. Any set is named so by some, so this says less. */
const SET_WORKER = /^([\w-]+)-\d+\.\1\.([\w-]+)\.svc(?:\.|:|$)/;

const strimzi = (name: string, by: string, namespace: string): Operator => ({
  name: 'Strimzi',
  by,
  note: `Strimzi seems to run this Connect (${by}): where a KafkaConnector ${name} exists, the operator puts its spec back over what is changed here. Change that instead: kubectl ${namespace}edit kafkaconnector ${name}.`,
});

export function operatorOf(facts: Facts): Operator | undefined {
  const { name, config } = connectorView(facts);
  if (name === null) return undefined;
  const worker = seen(facts, 'target')?.workerId ?? '';
  const pod = STRIMZI_WORKER.exec(worker);
  if (pod !== null) return strimzi(name, `the worker is ${worker}`, `-n ${pod[3]} `);
  const keys = Object.entries(config ?? {}).flatMap(([key, value]) => (STRIMZI_REFERENCE.test(value) ? [key] : []));
  if (keys.length > 0) return strimzi(name, `${list(keys.slice(0, 3))} refers to its providers`, '');
  const set = SET_WORKER.exec(worker);
  return set === null
    ? undefined
    : {
        name: 'Kubernetes',
        by: `the worker is ${worker}`,
        note: `This Connect runs in Kubernetes (the worker is ${worker}): where an operator or a GitOps tool keeps this connector, it puts back what is changed here. kubectl -n ${set[2]} get kafkaconnector,connector ${name} tells.`,
      };
}

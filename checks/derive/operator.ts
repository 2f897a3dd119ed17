import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { connectorView } from './connector.ts';
import { keepersOf } from './keepers.ts';
import { list } from './words.ts';

/** Who keeps this connector's configuration elsewhere and puts it back, as far as it can be seen from REST, or from Kubernetes. */
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

const CONNECTOR_KIND = 'KafkaConnector';

/**
 * By what Kubernetes itself says. A tool that keeps the connector's own object takes back a change of it; one that keeps the worker only does so where the
 * connector's configuration is in what it keeps.
 */
function keptOf(facts: Facts, connector: string): Operator[] {
  const objects = seen(facts, 'host.kubernetes')?.objects ?? [];
  const own = objects.find(({ kind }) => kind === CONNECTOR_KIND);
  const kept = objects.flatMap((object) => keepersOf(object).map((keeper) => ({ object, keeper, ...keeper.source(object.marks, object) })));
  // One tool is told once, by the object nearest to the connector.
  const each = kept.filter((one, at) => kept.findIndex(({ keeper }) => keeper.name === one.keeper.name) === at);
  const byTool = each.map(({ object, keeper, whose, command }): Operator => {
    const what = `${object.kind} ${object.name}`;
    const takenBack =
      object === own
        ? 'what is changed here is taken back'
        : `where ${connector} is configured there too, what is changed here is taken back`;
    return {
      name: keeper.name,
      by: what,
      note: `${keeper.name} keeps ${what} (${whose}): ${takenBack} ${keeper.back}. Change it where that is written: ${command}.`,
    };
  });
  if (own === undefined) return byTool;
  const edit = `kubectl${own.namespace === null ? '' : ` -n ${own.namespace}`} edit kafkaconnector ${own.name}`;
  const where = byTool.length === 0 ? `Change that instead: ${edit}.` : 'That object is kept elsewhere in its turn.';
  const note = `Strimzi keeps ${connector} by KafkaConnector ${own.name}: it puts its spec back over what is changed here. ${where}`;
  return [{ name: 'Strimzi', by: `KafkaConnector ${own.name}`, note }, ...byTool];
}

/** All who keep it: by their objects where these could be seen, else by what REST lets through. */
export function operatorsOf(facts: Facts): Operator[] {
  const { name } = connectorView(facts);
  const kept = name === null ? [] : keptOf(facts, name);
  const guessed = kept.some((one) => one.name === 'Strimzi') ? undefined : operatorOf(facts);
  // That it runs in Kubernetes is known better by then.
  return [...(guessed === undefined || (guessed.name === 'Kubernetes' && kept.length > 0) ? [] : [guessed]), ...kept];
}

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

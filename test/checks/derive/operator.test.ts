import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operatorsOf } from '../../../checks/derive/operator.ts';
import type { KeptObject } from '../../../checks/facts/index.ts';
import { CONFIG, healthy, withValue, type Changes } from '../../facts.ts';

const note = (workerId: string, config: Record<string, string> = CONFIG): string | undefined =>
  operatorsOf(withValue(healthy(), 'target', { workerId, config }))[0]?.note;

test("an operator that puts configuration back is known by its worker's name, or by references that it alone resolves", () => {
  assert.match(
    note('my-connect-cluster-connect-0.my-connect-cluster-connect.kafka.svc:8083') ?? '',
    /^Strimzi seems to run this Connect \(the worker is my-connect.*\): where a KafkaConnector otlp-source exists, .*: kubectl -n kafka edit kafkaconnector otlp-source\.$/,
  );
  assert.match(
    note('10.0.0.7:8083', { ...CONFIG, 'otlp.tls.key.path': '${strimzidir:/mnt/keys:tls.key}' }) ?? '',
    /^Strimzi seems to run this Connect \(otlp\.tls\.key\.path refers to its providers\)/,
  );
  assert.match(
    note('connect-0.connect.confluent.svc.cluster.local:8083') ?? '',
    /^This Connect runs in Kubernetes .* kubectl -n confluent get/,
  );
});

test('a worker that shows none is said to have none', () => {
  for (const worker of ['127.0.0.1:8083', 'connect-0.example.org:8083', 'worker-1.connect.kafka.svc:8083', 'my-connect:8083'])
    assert.equal(note(worker), undefined, worker);
});

const POD = 'my-connect-connect-0.my-connect-connect.kafka.svc:8083';
const object = (kind: string, name: string, marks: Record<string, string> = {}): KeptObject => ({ kind, name, namespace: 'kafka', marks });
const notes = (...objects: KeptObject[]): string[] => {
  const facts = healthy({ 'host.kubernetes': { source: 'kubectl get pod/x -o json', value: { objects } } } as Changes);
  return operatorsOf(withValue(facts, 'target', { workerId: POD })).map((one) => one.note);
};

test('what Kubernetes says of the connector itself comes before what its address lets suppose', () => {
  assert.match(notes(object('Pod', 'my-connect-connect-0'))[0]!, /^Strimzi seems to run this Connect/);
  assert.deepEqual(notes(object('KafkaConnector', 'otlp-source'), object('Pod', 'my-connect-connect-0')), [
    'Strimzi keeps otlp-source by KafkaConnector otlp-source: it puts its spec back over what is changed here. Change that instead: kubectl -n kafka edit kafkaconnector otlp-source.',
  ]);
});

const MARKED: readonly [string, Record<string, string>, string][] = [
  [
    'Argo CD',
    { 'argocd.argoproj.io/tracking-id': 'argocd_streams:kafka.strimzi.io/KafkaConnector:kafka/otlp-source' },
    'argocd app get argocd/streams',
  ],
  ['Argo CD', { 'argocd.argoproj.io/instance': 'streams' }, 'argocd app get streams'],
  [
    'Flux',
    { 'kustomize.toolkit.fluxcd.io/name': 'streams', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
    'flux -n flux-system tree kustomization streams',
  ],
  [
    'Flux',
    { 'helm.toolkit.fluxcd.io/name': 'streams', 'helm.toolkit.fluxcd.io/namespace': 'flux-system', 'app.kubernetes.io/managed-by': 'Helm' },
    'flux -n flux-system get helmrelease streams',
  ],
  ['Helm', { 'app.kubernetes.io/managed-by': 'Helm', 'meta.helm.sh/release-name': 'connect' }, 'helm get values connect -n kafka'],
];
for (const [tool, marks, command] of MARKED)
  test(`${tool} by ${Object.keys(marks)[0]}: when a change is taken back, and where to make it`, () => {
    const [strimzi, kept] = notes(object('KafkaConnector', 'otlp-source', marks), object('Pod', 'my-connect-connect-0'));
    assert.match(strimzi!, /That object is kept elsewhere in its turn\.$/);
    assert.match(kept!, new RegExp(`^${tool} keeps KafkaConnector otlp-source \\(.+\\): what is changed here is taken back at its next`));
    assert.ok(kept!.endsWith(`Change it where that is written: ${command}.`), kept);
  });

test('a tool that keeps the worker alone takes back what is configured there; another value of managed-by is no Helm', () => {
  const [, argo] = notes(
    object('Pod', 'my-connect-connect-0'),
    object('KafkaConnect', 'my-connect', { 'argocd.argoproj.io/instance': 'a' }),
  );
  assert.match(argo!, /^Argo CD keeps KafkaConnect my-connect \(application a\): where otlp-source is configured there too, /);
  assert.equal(notes(object('Pod', 'my-connect-connect-0', { 'app.kubernetes.io/managed-by': 'strimzi-cluster-operator' })).length, 1);
});

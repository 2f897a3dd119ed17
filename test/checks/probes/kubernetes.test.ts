import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { kubectlOf } from '../../../checks/probes/kubernetes.ts';
import { factOf } from '../../doubles/settings.ts';

test('of a kubectl exec everything but exec itself stays', () => {
  const of = (line: string) => {
    const found = kubectlOf(line.split(' '));
    return found && [found.base.join(' '), found.pod];
  };
  assert.deepEqual(of('kubectl exec connect-0 --'), ['kubectl', 'pod/connect-0']);
  assert.deepEqual(of('kubectl --context prod exec -n kafka deploy/connect -c connect -i --'), [
    'kubectl --context prod -n kafka',
    'deploy/connect',
  ]);
  assert.deepEqual(of('sudo -n /usr/bin/kubectl --kubeconfig=/k exec -it --namespace=kafka connect-0 -- env exec x'), [
    'sudo -n /usr/bin/kubectl --kubeconfig=/k --namespace=kafka',
    'pod/connect-0',
  ]);
  for (const line of ['ssh worker', 'ssh worker kubectl exec connect-0 --', 'kubectl get pods', 'docker exec connect', 'kubectl exec'])
    assert.equal(of(line), undefined, line);
});

/** As `kubectl get … -o json` prints them, shortened; the words after `get` are the names of files. */
const OBJECTS: Readonly<Record<string, object>> = {
  'pod/connect-7d9f-x2': {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'connect-7d9f-x2',
      namespace: 'kafka',
      labels: { app: 'connect', 'pod-template-hash': '7d9f' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'connect-7d9f', controller: true, blockOwnerDeletion: true }],
    },
  },
  'replicaset.apps/connect-7d9f': {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: 'connect-7d9f',
      namespace: 'kafka',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'connect', controller: true }],
    },
  },
  'deployment.apps/connect': {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'connect',
      namespace: 'kafka',
      annotations: {
        'argocd.argoproj.io/tracking-id': 'streams:apps/Deployment:kafka/connect',
        'kubectl.kubernetes.io/last-applied-configuration': '{"password":"hush"}',
      },
    },
  },
};

test('the pod, its set and what made that are asked of the same kubectl; only what names a keeper is kept', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-kubectl-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const kubectl = join(folder, 'kubectl');
  for (const [ref, json] of Object.entries(OBJECTS)) writeFileSync(join(folder, ref.replace('/', '_')), JSON.stringify(json));
  writeFileSync(
    kubectl,
    `#!/bin/sh
echo "$*" >> ${folder}/asked
file=${folder}/$(echo "$4" | tr / _)
[ -f "$file" ] && exec cat "$file"
echo "Error from server (NotFound): $4 not found" >&2
exit 1
`,
  );
  chmodSync(kubectl, 0o755);
  const look = (pod: string) =>
    factOf(
      'host.kubernetes',
      { connectUrl: null, connector: 'otlp-source', hostCommand: [kubectl, '-n', 'kafka', 'exec', pod, '--'] },
      { env: process.env, timeoutMs: 9000 },
    );
  const fact = await look('connect-7d9f-x2');
  assert.ok('value' in fact, JSON.stringify(fact));
  assert.deepEqual(fact.value.objects, [
    { kind: 'Pod', name: 'connect-7d9f-x2', namespace: 'kafka', marks: {} },
    { kind: 'ReplicaSet', name: 'connect-7d9f', namespace: 'kafka', marks: {} },
    {
      kind: 'Deployment',
      name: 'connect',
      namespace: 'kafka',
      marks: { 'argocd.argoproj.io/tracking-id': 'streams:apps/Deployment:kafka/connect' },
    },
  ]);
  assert.deepEqual(
    readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n'),
    [...Object.keys(OBJECTS), 'kafkaconnector.kafka.strimzi.io/otlp-source'].map((ref) => `-n kafka get ${ref} -o json`),
  );
  const gone = await look('connect-0');
  assert.ok('unasked' in gone && gone.unasked === 'unknown' && /NotFound/.test(gone.reason), JSON.stringify(gone));
});

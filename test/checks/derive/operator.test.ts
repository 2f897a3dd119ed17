import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operatorOf } from '../../../checks/derive/operator.ts';
import { CONFIG, healthy, withValue } from '../../facts.ts';

const note = (workerId: string, config: Record<string, string> = CONFIG): string | undefined =>
  operatorOf(withValue(healthy(), 'target', { workerId, config }))?.note;

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

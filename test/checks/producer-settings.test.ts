import assert from 'node:assert/strict';
import { test } from 'node:test';
import { producerSettings } from '../../checks/derive/producer-settings.ts';
import { fileIn, readWorkerFile } from '../../checks/probes/worker-file.ts';
import { CONFIG, changed, healthy, withValue } from '../facts.ts';
import type { Facts } from '../../checks/facts/index.ts';

const FILE = `# producer.acks=0
bootstrap.servers=127.0.0.1:9092
producer.linger.ms = 10
 producer.acks:1
producer.sasl.jaas.config=org.x.PlainLoginModule required username="u" password="hidden";
consumer.linger.ms=99
producer.batch.size 32768
`;

test('of the worker file only what concerns how producers write is read', () => {
  assert.deepEqual(readWorkerFile(FILE), { producer: { 'linger.ms': '10', acks: '1', 'batch.size': '32768' } });
  assert.deepEqual(readWorkerFile('connector.client.config.override.policy=None\n'), { producer: {}, overridePolicy: 'None' });
  assert.ok(!JSON.stringify(readWorkerFile(FILE)).includes('hidden'));
});

test('the file stands behind the main class of the worker', () => {
  const words = ['java', '-cp', 'libs/*', 'org.apache.kafka.connect.cli.ConnectDistributed', 'config/connect.properties'];
  assert.equal(fileIn(words), 'config/connect.properties');
  assert.equal(fileIn(['java', '-jar', 'a.jar', 'b.properties']), undefined);
  assert.equal(fileIn([...words.slice(0, 4), '$(rm x)']), undefined);
});

const withFile = (producer: Record<string, string>, more = {}, facts = healthy()): Facts =>
  changed(facts, { 'host.worker-file': { value: { path: '/w', producer, ...more } } });
const inForce = (facts: Facts) =>
  Object.fromEntries(producerSettings(facts).settings.map(({ key, value, from }) => [key, `${value} ${from}`]));

test('the connector wins over the worker, the worker over Connect, Connect over Kafka', () => {
  const overridden = (facts: Facts): Facts => {
    const config = { ...CONFIG, 'producer.override.linger.ms': '20' };
    const list = facts['rest.list'];
    assert.ok('value' in list);
    const [name, found] = Object.entries(list.value)[0]!;
    return changed(withValue(facts, 'target', { config }), {
      'rest.list': { value: { [name]: { ...found, info: { ...found.info, config } } } },
    });
  };
  const file = withFile({ 'linger.ms': '10', 'compression.type': 'lz4' });
  assert.equal(inForce(file)['linger.ms'], '10 worker');
  const all = inForce(overridden(file));
  assert.deepEqual(
    [all['linger.ms'], all['compression.type'], all['acks'], all['batch.size']],
    ['20 connector', 'lz4 worker', 'all connect', '16384 kafka'],
  );
  assert.equal(inForce(overridden(withFile({ 'linger.ms': '10' }, { overridePolicy: 'None' })))['linger.ms'], '10 worker');
});

test('the default of linger.ms is that of the version; without the file nothing is guessed', () => {
  const on = (version: string): Facts => withValue(withFile({}), 'rest.root', { version });
  assert.deepEqual([inForce(on('3.9.1'))['linger.ms'], inForce(on('4.1.0'))['linger.ms']], ['0 kafka', '5 kafka']);
  assert.deepEqual(producerSettings(healthy()).settings, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planScale, type ScaleInput, type ScalePlan } from '../../../checks/plans/scale.ts';

const plan = (given: Partial<ScaleInput> = {}): ScalePlan => {
  const made = planScale({
    ...{ instances: 2, name: 'otlp-source', config: {}, names: ['otlp-source'], taken: [], hosts: ['10.0.0.5'] },
    ...{ listen: { host: '127.0.0.1', grpc: 14_317, http: 14_318 }, ...given },
  });
  assert.ok(!('tooFew' in made));
  return made;
};
const placed = ({ instances }: ScalePlan) => instances.map(({ name, grpc, http }) => [name, grpc, http]);
const lines = (text: string, pattern: RegExp) =>
  text
    .split('\n')
    .filter((line) => pattern.test(line))
    .map((line) => line.trim());

test('the connector that is there stays as it is, the others differ by name and ports alone', () => {
  const config = { 'connector.class': 'x.Otel', 'kafka.topic.traces': 'mine', 'otlp.grpc.port': '7317', 'otlp.http.port': '7318' };
  const made = plan({ config });
  assert.deepEqual(placed(made), [
    ['otlp-source', 7317, 7318],
    ['otlp-source-2', 7327, 7328],
  ]);
  const [first, second] = made.instances.map(
    (instance) => JSON.parse(made.files[instance.file]!) as { name: string; config: Record<string, string> },
  );
  assert.deepEqual(first, { name: 'otlp-source', config: { 'tasks.max': '1', ...config, name: 'otlp-source' } });
  assert.deepEqual(second!.config, { ...first!.config, name: 'otlp-source-2', 'otlp.grpc.port': '7327', 'otlp.http.port': '7328' });
});

test('names and ports that are taken are passed over', () => {
  const made = plan({ names: ['otlp-source', 'otlp-source-2'], taken: [{ port: 4328, by: 'held' }] });
  assert.deepEqual(placed(made)[1], ['otlp-source-3', 4337, 4338]);
});

test('without a connector the first is planned too', () =>
  assert.deepEqual(placed(plan({ name: null, names: [], taken: [{ port: 4317, by: 'held' }] })), [
    ['otlp-source', 4327, 4328],
    ['otlp-source-2', 4337, 4338],
  ]));

test('a secret is not written, and said to be missing', () => {
  const made = plan({ config: { 'sasl.password': '<redacted:password>' } });
  assert.match(made.notes[0]!.text, /fill in sasl\.password/);
  assert.ok(made.notes[0]!.beware);
});

test('every balancer has every instance on every worker, for each transport that is on', () => {
  const made = plan({ hosts: ['10.0.0.5', 'fe80::1'] });
  const places = ['10.0.0.5:4317', '[fe80::1]:4317', '10.0.0.5:4327', '[fe80::1]:4327'];
  assert.deepEqual(
    lines(made.files['haproxy.cfg']!, / proto h2 check/).map((line) => line.split(' ')[2]),
    places,
  );
  assert.deepEqual(
    lines(made.files['nginx.conf']!, /server .*4317|server .*4327/).map((line) => line.split(' ')[1]),
    places,
  );
  const envoy = JSON.parse(made.files['envoy.json']!) as {
    static_resources: {
      clusters: {
        load_assignment: {
          endpoints: { lb_endpoints: { endpoint: { address: { socket_address: { address: string; port_value: number } } } }[] }[];
        };
      }[];
    };
  };
  assert.deepEqual(
    envoy.static_resources.clusters.map(({ load_assignment }) =>
      load_assignment.endpoints[0]!.lb_endpoints.map(({ endpoint }) => endpoint.address.socket_address.port_value),
    ),
    [
      [4317, 4317, 4327, 4327],
      [4318, 4318, 4328, 4328],
    ],
  );
  const httpOnly = plan({ config: { 'otlp.grpc.enabled': 'false' } });
  assert.deepEqual(placed(httpOnly)[0], ['otlp-source', null, 4318]);
  for (const file of ['haproxy.cfg', 'nginx.conf', 'envoy.json']) assert.doesNotMatch(httpOnly.files[file]!, /14317/, file);
});

test('a balancer in the way of an instance is said; too many instances are no plan', () => {
  const clash = plan({ listen: { host: '127.0.0.1', grpc: 4317, http: 14_318 } }).notes.filter(({ beware }) => beware);
  assert.match(clash[0]!.text, /ports that otlp-source has too/);
  const taken = Array.from({ length: 65_536 }, (_, port) => ({ port, by: 'held' }));
  const none = planScale({
    instances: 3,
    name: 'a',
    config: {},
    names: ['a'],
    taken,
    hosts: ['h'],
    listen: { host: 'h', grpc: 1, http: 2 },
  });
  assert.deepEqual(none, { tooFew: 1 });
});

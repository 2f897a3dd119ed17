import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENVIRONMENTS, freePair, portsOfConnectors, proposePorts } from '../../../checks/plans/ports.ts';
import type { RestList } from '../../../checks/facts/index.ts';
import { CONNECTOR_CLASS } from '../../../proto/vocabulary/connect.ts';

const pairs = (taken: number[]) =>
  proposePorts(
    ENVIRONMENTS,
    taken.map((port) => ({ port, by: 'held by nc (pid 7)' })),
  ).map(({ environment, grpc, http }) => [environment, grpc, http]);

test("where nothing is in the way the ports are the runbook's", () =>
  assert.deepEqual(pairs([4317, 4318]), [
    ['staging', 5317, 5318],
    ['development', 6317, 6318],
  ]));

test('one of a pair is enough to move both, past everything that is taken', () => {
  assert.deepEqual(pairs([5318, 5327, 6318])[0], ['staging', 5337, 5338]);
  assert.deepEqual(pairs([5318, 5327, 6318])[1], ['development', 6327, 6328]);
});

test('what is in the way is named', () => {
  const [staging] = proposePorts(ENVIRONMENTS, [{ port: 5317, by: 'held by nc (pid 7)' }]);
  assert.deepEqual(staging!.moved, [{ port: 5317, by: 'held by nc (pid 7)' }]);
});

test('proposals stay out of the way of each other, and there is an end of ports', () => {
  const same = { grpc: 4317, http: 4318 };
  const two = proposePorts(
    [
      { environment: 'a', ...same },
      { environment: 'b', ...same },
    ],
    [],
  );
  assert.deepEqual(
    two.map(({ grpc }) => grpc),
    [4317, 4327],
  );
  assert.equal(freePair({ grpc: 40_001, http: 50_002 }, [{ port: 50_002, by: 'held' }])!.pair.http, 50_012);
  const all = Array.from({ length: 65_536 }, (_, port) => ({ port, by: 'held' }));
  assert.equal(freePair(same, all), null);
});

test('connectors have the ports that they are configured for, ours their defaults too', () => {
  const config = (keys: Record<string, string>) => ({ info: { config: keys, type: 'source' }, status: {} });
  const list = {
    ours: config({ 'connector.class': CONNECTOR_CLASS, 'otlp.http.port': '5318' }),
    http: config({
      'connector.class': 'a.b.HttpSource',
      'listen.port': '8088',
      'report.name': '9',
      'errors.port.x': '7',
      port: '${file:x}',
    }),
  } as unknown as RestList;
  assert.deepEqual(
    portsOfConnectors(list).map(({ port, by }) => [port, by]),
    [
      [4317, 'a port of ours (otlp.grpc.port)'],
      [5318, 'a port of ours (otlp.http.port)'],
      [8088, 'a port of http (listen.port)'],
    ],
  );
});

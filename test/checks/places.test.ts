import { test } from 'node:test';
import assert from 'node:assert/strict';
import { diagnose } from '../../checks/diagnose.ts';
import type { Facts, Listener } from '../../checks/facts/index.ts';
import type { Diagnosis } from '../../checks/report.ts';
import { CONFIG, CONNECTOR, WORKER, healthy, metrics, refused, skipped, status, withValue } from '../facts.ts';
import type { Changes } from '../facts.ts';

/** What stands between us and the target, or beside it on one machine: proxies, tunnels, twins. None of it is taken for the target itself. */

const WORKER_PID = 23875;
const PROXY_PID = 999;
const JAVA = { address: '127.0.0.1', pid: WORKER_PID, command: 'java' };
const PROXY = { address: '127.0.0.1', pid: PROXY_PID, command: 'node' };
const OWN: Listener[] = [8083, 4317, 4318, 8778].map((port) => ({ ...JAVA, port }));
const listening = (...more: Listener[]): Changes => ({ 'host.listeners': { value: { listeners: [...OWN, ...more], complete: true } } });

const roots = (facts: Facts): Diagnosis[] =>
  diagnose(facts).diagnoses.filter((diagnosis) => diagnosis.status !== 'ok' && diagnosis.because === null);
const ids = (facts: Facts): string[] => roots(facts).map(({ id }) => id);

const grpcAt = (port: number, look: object = { spoke: 'http2' }): Changes => ({
  'receiver.grpc': { value: { address: { host: '127.0.0.1', port }, ...look } } as Changes['receiver.grpc'] & object,
});
const httpAt = (port: number, excerpt = 'Only POST method is supported'): Changes => ({
  'receiver.http': { value: { address: { host: '127.0.0.1', port }, spoke: 'http1', status: 405, excerpt } },
});
/** Addresses named by hand. */
const given = (facts: Facts, grpc: number, http: number): Facts =>
  withValue(withValue(facts, 'run', { given: ['otlp-grpc', 'otlp-http'] }), 'target', {
    grpc: { host: '127.0.0.1', port: grpc },
    http: { host: '127.0.0.1', port: http },
  });

test('receivers that are reached through proxies of other processes are healthy', () => {
  const facts = given(
    healthy({ ...grpcAt(15001), ...httpAt(15002), ...listening({ ...PROXY, port: 15001 }, { ...PROXY, port: 15002 }) }),
    15001,
    15002,
  );
  const report = diagnose(facts);
  assert.deepEqual(roots(facts), []);
  assert.equal(report.status, 'ok');
  assert.match(
    report.steps.find(({ id }) => id === 'port-holders')!.sentence,
    /^gRPC 4317 is listened on by the worker, java \(pid 23875\)/,
  );
});

test('without a key of its own, another server on every given port is no proxy', () => {
  const stranger = httpAt(15002, '405 method not allowed, supported: [POST]');
  const facts = given(
    healthy({ ...grpcAt(15001), ...stranger, ...listening({ ...PROXY, port: 15001 }, { ...PROXY, port: 15002 }) }),
    15001,
    15002,
  );
  assert.deepEqual(ids(facts), ['configuration-reset', 'port-held-by-other']);
});

test('without a key of its own, another server on every given port is no proxy', () => {
  const stranger = httpAt(15002, '405 method not allowed, supported: [POST]');
  const facts = given(
    healthy({ ...grpcAt(15001), ...stranger, ...listening({ ...PROXY, port: 15001 }, { ...PROXY, port: 15002 }) }),
    15001,
    15002,
  );
  assert.deepEqual(ids(facts), ['configuration-reset', 'port-held-by-other']);
});

/** REST read through a proxy that fails: Connect has named no worker. */
function restBehindProxy(failed: Changes[keyof Changes] & object, changes: Changes = {}): Facts {
  const all = { 'rest.list': failed, 'rest.status': failed, 'rest.root': failed, 'rest.health': failed, 'rest.plugins': failed } as Changes;
  const facts = healthy({ ...all, ...listening({ ...PROXY, port: 15083 }), ...changes });
  const blind = { connectUrl: 'http://127.0.0.1:15083', workerId: null, config: null, kind: 'unknown' as const };
  return withValue(withValue(facts, 'target', blind), 'run', { given: ['otlp-grpc', 'otlp-http'] });
}

test('a proxy before REST is not taken for the worker, so the worker is no stranger on its own ports', () => {
  const hangs = { failure: 'timeout', stage: 'answer', detail: 'connected, no answer in 3.0 s' } as const;
  assert.deepEqual(ids(restBehindProxy(hangs)), ['connect-unresponsive']);
  const page = { failure: 'http', status: 404, contentType: 'text/html', detail: 'HTTP 404, text/html' } as const;
  assert.deepEqual(ids(restBehindProxy(page)), ['connect-not-connect']);
});

test("a web page's 404 for the status does not make the connector absent; Connect's own does", () => {
  const page = { failure: 'http', status: 404, contentType: 'text/html', detail: 'HTTP 404, text/html' } as const;
  const own = {
    ...page,
    contentType: 'application/json',
    body: { error_code: 404, message: `No status found for connector ${CONNECTOR}` },
  };
  const unread = { failure: 'timeout', stage: 'answer', detail: 'connected, no answer in 3.0 s' } as const;
  assert.ok(!ids(healthy({ 'rest.list': unread, 'rest.status': page })).includes('connector-not-found'));
  assert.ok(ids(healthy({ 'rest.list': unread, 'rest.status': own })).includes('connector-not-found'));
});

test('one port refused and the other held by somebody is one cause: the task opens both or none', () => {
  const wantsPassword = { failure: 'http', status: 401, detail: 'HTTP 401' } as const;
  const squatter: Changes = {
    'receiver.grpc': refused('127.0.0.1', 4317),
    'receiver.http': { value: { address: { host: '127.0.0.1', port: 4318 }, spoke: 'http1', status: 404, server: 'SimpleHTTP/0.6' } },
    'host.listeners': {
      value: {
        listeners: [
          { ...PROXY, port: 15083 },
          { address: '0.0.0.0', port: 4318, pid: 77, command: 'python3' },
        ],
        complete: true,
      },
    },
    metrics: skipped('none found', '--metrics-url URL'),
  };
  const facts = restBehindProxy(wantsPassword, squatter);
  assert.deepEqual(ids(facts), ['port-held-by-other', 'connect-unauthorized']);
  assert.match(roots(facts)[0]!.sentence, /python3 \(pid 77\) holds HTTP port 127\.0\.0\.1:4318/);
});

test('an address that refuses while the connector listens on its own port is unreachable, not closed', () => {
  const facts = given(healthy({ 'receiver.http': refused('127.0.0.1', 15002), ...listening() }), 4317, 15002);
  assert.deepEqual(ids(facts), ['receiver-unreachable']);
  const [found] = roots(facts);
  assert.match(
    found!.sentence,
    /^HTTP at 127\.0\.0\.1:15002 cannot be reached: connections are rejected although the connector listens on 4318/,
  );
  assert.match(found!.remedies[0]!.command, / --otlp-http http:\/\/127\.0\.0\.1:4318$/);
});

test('a proxy that accepts and says nothing is told as such', () => {
  const facts = given(healthy({ ...grpcAt(15001, { spoke: 'silence' }), ...listening({ ...PROXY, port: 15001 }) }), 15001, 4318);
  assert.deepEqual(ids(facts), ['receiver-unresponsive']);
});

test('metrics of a second worker on the same machine are told by its process', () => {
  const absent = { failure: 'absent', detail: 'no such bean', source: 'POST http://127.0.0.1:8779/jolokia/' } as const;
  const twin = healthy({ metrics: absent, ...listening({ ...JAVA, pid: 31000, port: 8779 }) });
  assert.deepEqual(ids(twin), ['metrics-of-other-worker']);
  assert.match(roots(twin)[0]!.remedies[0]!.command, /grep pid=23875,$/);
  assert.deepEqual(ids(healthy({ metrics: absent, ...listening({ ...PROXY, port: 8779 }) })), ['metrics-absent']);
});

test('JMX is named as JMX in what is to be done', () => {
  const at = (host: string) => `service:jmx:rmi:///jndi/rmi://${host}:9999/jmxrmi`;
  const absent = (host: string) => ({ failure: 'absent', detail: 'no such bean', source: `JmxTool ${at(host)}` }) as const;
  const given = (metrics: Changes['metrics'] & object) => withValue(healthy({ metrics }), 'run', { given: ['jmx-url'] });
  const [elsewhere] = roots(given(absent('10.9.9.9')));
  assert.deepEqual([elsewhere?.id, elsewhere?.sentence.includes('were read at 10.9.9.9:9999,')], ['metrics-of-other-worker', true]);
  assert.match(elsewhere!.remedies[0]!.command, / --jmx-url service:jmx:rmi:\/\/\/jndi\/rmi:\/\/127\.0\.0\.1:9999\/jmxrmi$/);
  const [here] = roots(given(absent('127.0.0.1')));
  assert.equal(here?.id, 'metrics-absent');
  assert.match(
    here.remedies[0]!.command,
    /^kafka-run-class\.sh org\.apache\.kafka\.tools\.JmxTool --jmx-url service:jmx:rmi:\S+:9999\/jmxrmi /,
  );
  const down = { failure: 'refused', detail: 'connection refused at 127.0.0.1:9999', source: `JmxTool ${at('127.0.0.1')}` } as const;
  assert.match(roots(given(down))[0]!.remedies[0]!.command, /^kafka-run-class\.sh /);
  const noTool = { unasked: 'unknown', reason: 'there is no tool', give: 'KAFKA_HOME', source: `JmxTool ${at('w')}` } as const;
  const facts = withValue(given(noTool), 'target', { jmxUrl: at('w') });
  assert.deepEqual([roots(facts)[0]?.id, roots(facts)[0]?.status], ['metrics-unavailable', 'unknown']);
  assert.match(roots(facts)[0]!.remedies[0]!.sentence, /^Give KAFKA_HOME; or read the metrics over HTTP/);
  assert.match(roots(facts)[0]!.remedies[0]!.command, / --jmx-url service:jmx:rmi:\S+w:9999\/jmxrmi/);
});

/** A target of which another loopback address is asked than the one it is bound to. */
function boundElsewhere(bind: Record<string, string>, worker: string, kind: 'bridge' | 'connector'): Facts {
  const config = { ...CONFIG, ...bind };
  const host = worker.split(':')[0]!;
  const asked = host === '127.0.0.1' ? '127.0.0.2' : '127.0.0.1';
  const there = [4317, 4318].map((port) => ({ ...JAVA, address: host, port }));
  const facts = healthy({
    'receiver.grpc': refused(asked, 4317),
    'receiver.http': refused(asked, 4318),
    'host.listeners': { value: { listeners: [{ ...JAVA, address: host, port: 8083 }, ...there], complete: true } },
    'rest.list': { value: { [CONNECTOR]: { status: status('RUNNING', { state: 'RUNNING' }), info: { config, type: 'source' } } } },
  });
  const places = { grpc: { host: asked, port: 4317 }, http: { host: asked, port: 4318 } };
  const target = { ...places, config, kind, workerId: worker, workerHost: host, connectUrl: 'http://127.0.0.1:8083' };
  return withValue(withValue(facts, 'target', target), 'run', { given: ['otlp-grpc', 'otlp-http'] });
}

test('bound to loopback, or on another worker: Connect is asked at the very worker in the first case', () => {
  assert.deepEqual(ids(boundElsewhere({ 'otlp.bind.address': '127.0.0.1' }, WORKER, 'connector')), ['receiver-bound-to-loopback']);
  assert.deepEqual(ids(boundElsewhere({}, WORKER, 'bridge')), ['receiver-bound-to-loopback'], "the bridge's default");
  const elsewhere = boundElsewhere({ 'otlp.bind.address': '127.0.0.2' }, '127.0.0.2:8083', 'bridge');
  assert.deepEqual(ids(elsewhere), ['task-elsewhere']);
  assert.match(roots(elsewhere)[0]!.remedies[0]!.command, / --otlp-grpc 127\.0\.0\.2:4317 --otlp-http 127\.0\.0\.2:4318$/);
});

test('port 0 is a valid choice of the bridge and none of the connector', () => {
  const facts = withValue(healthy(), 'target', { config: { ...CONFIG, 'otlp.grpc.port': '0' } });
  const verdict = (kind: 'bridge' | 'connector'): string | undefined =>
    diagnose(withValue(facts, 'target', { kind })).steps.find(({ id }) => id === 'connector-configuration')?.status;
  assert.deepEqual([verdict('bridge'), verdict('connector')], ['ok', 'critical']);
});

const counters = metrics({ TracesReceived: 100, TracesDropped: 0 }, { TracesReceived: 100, TracesDropped: 50 });

test('a pause that is wanted is no fault, and what is lost in it is one', () => {
  const paused = { value: status('PAUSED', { state: 'PAUSED' }) };
  const facts = withValue(healthy({ 'rest.status': paused, metrics: { value: counters } }), 'run', { expect: ['state=PAUSED'] });
  assert.deepEqual(ids(facts), ['connector-paused']);
  assert.match(roots(facts)[0]!.sentence, /; 50 of 50 messages were dropped over 5\.0 s\.$/);
  const still = healthy({ 'rest.status': paused, metrics: { value: metrics({ TracesReceived: 9 }, { TracesReceived: 9 }) } });
  assert.deepEqual(ids(withValue(still, 'run', { expect: ['state=PAUSED'] })), []);
  assert.match(roots(withValue(facts, 'target', { kind: 'bridge' }))[0]!.sentence, /messages were refused over/);
});

test('both TLS files are taken out of the configuration, since both are checked', () => {
  const trace =
    'org.apache.kafka.common.config.ConfigException: Invalid value /t.pem for configuration otlp.tls.cert.path: File does not exist: /t.pem';
  const config = { ...CONFIG, 'otlp.tls.cert.path': '/t.pem', 'otlp.tls.key.path': '/k.pem' };
  const facts = withValue(healthy({ 'rest.status': { value: status('FAILED', { state: 'FAILED', trace }, trace) } }), 'target', { config });
  const remedyOf = (change: object) => roots(withValue(facts, 'target', change))[0]!.remedies[1]!;
  assert.match(remedyOf({}).command, /^otlpctl connector config set --remove otlp\.tls\.cert\.path --remove otlp\.tls\.key\.path /);
  assert.match(remedyOf({}).byHand!, / -d '\{"otlp\.tls\.cert\.path":null,"otlp\.tls\.key\.path":null\}'$/);
  const encrypted = { kind: 'bridge', config: { ...config, 'otlp.tls.enabled': 'true' } };
  assert.match(remedyOf(encrypted).command, /^otlpctl connector config set otlp\.tls\.enabled=false --remove otlp\.tls\.cert\.path /);
  assert.match(
    remedyOf(encrypted).byHand!,
    / -d '\{"otlp\.tls\.enabled":"false","otlp\.tls\.cert\.path":null,"otlp\.tls\.key\.path":null\}'$/,
  );
});

test('a window that was cut is said', () => {
  const cut = withValue(healthy(), 'run', { windowMs: 8000, windowCutMs: 1900, timeoutMs: 3000 });
  assert.deepEqual(diagnose(cut).looked.not.at(-1), {
    what: 'the whole window of 8.0 s',
    why: 'the time-out of 3.0 s cut it to 1.9 s',
    give: '--timeout 14',
  });
});

const closedAtOnce = (id: 'receiver.grpc' | 'receiver.http', port: number) =>
  ({ [id]: { value: { address: { host: '127.0.0.1', port }, spoke: 'closed', tls: false } } }) as Changes;
const usingFiles = (files: number): Changes => ({
  'host.listeners': { value: { listeners: OWN.map((one) => ({ ...one, files, filesMax: 40 })), complete: true } },
});

test('a worker whose descriptors are all open is out of them, whatever its ports seem to do', () => {
  const hangsUp = { ...closedAtOnce('receiver.grpc', 4317), ...closedAtOnce('receiver.http', 4318) };
  const found = diagnose(healthy({ ...hangsUp, ...usingFiles(40) })).diagnoses.filter(({ status }) => status !== 'ok');
  assert.deepEqual([found[0]?.id, found[0]?.because], ['worker-exhausted', null]);
  assert.match(found[0]?.sentence ?? '', /40 of 40 are open/);
  assert.ok(!diagnose(healthy(usingFiles(12))).diagnoses.some(({ id }) => id === 'worker-exhausted'));
});

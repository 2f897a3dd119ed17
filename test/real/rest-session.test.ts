import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Json } from '../../checks/facts/index.ts';
import { exportRequest } from '../doubles/load.ts';
import { until } from '../doubles/until.ts';
import { ask, CONNECTOR_CLASS } from './stand/connect-rest.ts';
import { overGrpc } from './stand/otlp-clients.ts';
import { freePorts } from './stand/ports.ts';
import { startStand, type Stand } from './stand/stand.ts';

/** The recorded REST sessions played again: the same requests in the same order must get the same answers from Connect with the stand-in in it. */
type Exchange = { request: string; body: Json; status: number; 'content-type': string | null; location: string | null; answer: Json };
type Answer = Pick<Exchange, 'status' | 'content-type' | 'location' | 'answer'>;

const NAME = 'otlp-source';
const recordedSession = (version: string): Exchange[] =>
  JSON.parse(readFileSync(new URL(`../../fixtures/recorded/rest-session-${version}.json`, import.meta.url), 'utf8')) as Exchange[];

/** The recorded connector had the default ports; this one has its own wherever a configuration goes in. */
const withPorts = (body: Json, ports: Record<string, string>): Json => {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return body;
  if ('config' in body) return { ...body, config: withPorts(body.config!, ports) };
  return body['connector.class'] === CONNECTOR_CLASS ? { ...ports, ...body } : body;
};

/** Answers without what differs from stand to stand: addresses, folders, ids of sessions and clusters, texts of documentation, the ports put in. */
function comparable({ status, 'content-type': type, location, answer }: Answer, ports: Record<string, string>): unknown {
  const plain = JSON.stringify(answer, (key, value: Json) => {
    if (key === 'documentation') return '…';
    if (key === 'last_modified' || key === 'kafka_cluster_id' || key === 'session_id' || key === 'sequence') return 'ID';
    if (key in ports && (value === ports[key] || value === '4317' || value === '4318')) return undefined;
    return value;
  })
    .replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replaceAll(/file:\/[^']*\/plugins\/otel\//g, 'PLUGIN/');
  const sorted = JSON.parse(plain) as Json;
  return { status, type, location: location?.replace(/127\.0\.0\.1:\d+/, 'ADDRESS') ?? null, answer: validated(sorted, ports) };
}

/** In a validation the ports stand as a list's entries. */
function validated(answer: Json, ports: Record<string, string>): Json {
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer) || !Array.isArray(answer.configs)) return answer;
  const value = (config: Json): { name: string; value: Json } => (config as unknown as { value: { name: string; value: Json } }).value;
  return {
    ...answer,
    configs: answer.configs.map((config) => {
      const given = value(config);
      return given.value === ports[given.name] ? { ...(config as object), value: { ...given, value: DEFAULTS[given.name]! } } : config;
    }),
  };
}

const DEFAULTS: Record<string, string> = { 'otlp.grpc.port': '4317', 'otlp.http.port': '4318' };

async function play(stand: Stand, { request, body, status }: Exchange, ports: Record<string, string>): Promise<Answer> {
  const [method, path] = request.split(' ') as [string, string];
  const given = withPorts(body, ports);
  const answer = await fetch(`${stand.connectUrl}${path}`, {
    method,
    ...(given === null
      ? {}
      : {
          headers: { 'content-type': status === 415 ? 'text/plain' : 'application/json' },
          body: typeof given === 'string' ? given : JSON.stringify(given),
        }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    'content-type': answer.headers.get('content-type'),
    location: answer.headers.get('location'),
    answer: text === '' ? '' : (JSON.parse(text) as Json),
  };
}

for (const version of ['3.9.1', '4.1.0'] as const) {
  test(`the recorded REST session on Kafka ${version} gets the recorded answers`, async (t) => {
    // A worker of its own: a worker remembers which loggers were asked for, and words a class that it did not find before otherwise the second time.
    const stand = await startStand({ kafka: version });
    t.after(() => stand.stop());
    const [grpc, http] = (await freePorts(2)) as [number, number];
    const ports = { 'otlp.grpc.port': String(grpc), 'otlp.http.port': String(http) };
    const session = recordedSession(version);
    const offsets = JSON.stringify(session.find(({ request }) => request === `GET /connectors/${NAME}/offsets`)!.answer);
    await leaveOffsets(stand, { grpc, ports, logs: offsets.includes('LOGS') });
    // When the session of 4.1.0 was recorded, the connector's loggers had been at DEBUG before.
    if (version === '4.1.0') await ask(stand.connectUrl, 'PUT', '/admin/loggers/io.conduktor.connect.otel', { level: 'DEBUG' });
    for (const [i, exchange] of session.entries()) {
      const expected = comparable(exchange, ports);
      let last: unknown;
      if (!exchange.request.startsWith('GET') && JSON.stringify(exchange.answer).includes('"state"')) await settled(stand);
      // States follow a change within moments, and a rebalance answers 409 meanwhile: looks are repeated, changes only after such a 409.
      await until(`exchange ${i}, ${exchange.request}`, async () => {
        const answer = await play(stand, exchange, ports);
        last = comparable(answer, ports);
        const again = exchange.request.startsWith('GET') || (answer.status === 409 && exchange.status !== 409);
        return again && JSON.stringify(last) !== JSON.stringify(expected) ? undefined : true;
      }).catch(() => undefined);
      assert.deepEqual(last, expected, `exchange ${i}, ${exchange.request}`);
    }
  });
}

/** A state follows a change within moments: what has stood for so long is not about to move. */
const STANDS_MS = 1_500;

/** A change was recorded some time after the one before: none that answers with states is asked for while the one before still shows in them, or has yet to show. */
async function settled({ connectUrl }: Stand): Promise<void> {
  let since = performance.now();
  await until('the states to be settled', async () => {
    const { status, body } = await ask(connectUrl, 'GET', `/connectors/${NAME}/status`);
    const isMoving = status === 409 || /"(RESTARTING|UNASSIGNED)"/.test(JSON.stringify(body));
    if (isMoving) since = performance.now();
    return performance.now() - since >= STANDS_MS ? true : undefined;
  });
}

/** What earlier runs of the recorded connector had left: the offsets of the signals it had seen. */
async function leaveOffsets(
  stand: Stand,
  { grpc, ports, logs }: { grpc: number; ports: Record<string, string>; logs: boolean },
): Promise<void> {
  await stand.createConnector(NAME, ports);
  await overGrpc(grpc, 'traces', exportRequest('traces', 'a'));
  if (logs) await overGrpc(grpc, 'logs', exportRequest('logs', 'a'));
  const seen = `kafka.connect:type=source-task-metrics,connector=${NAME},task=0/source-record-write-total`;
  await until('the records to be written', async () => {
    const reply = (await (await fetch(`${stand.jolokiaUrl}read/${seen}`)).json()) as { value?: number };
    return reply.value === (logs ? 2 : 1) ? true : undefined;
  });
  await ask(stand.connectUrl, 'DELETE', `/connectors/${NAME}`);
  await until('the connector to be gone', async () =>
    (await ask(stand.connectUrl, 'GET', `/connectors/${NAME}/status`)).status === 404 ? true : undefined,
  );
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ask, folder, running, testSettings, type Reply } from '../bridge-fixture.ts';

/** One exchange of a session recorded at a real Kafka Connect, in order. */
type Exchange = { request: string; body: unknown; status: number; 'content-type': string | null; location: string | null; answer: unknown };
type Json = Record<string, unknown>;

const VERSIONS = [
  { keys: '4.1', file: 'rest-session-4.1.0.json' },
  { keys: '3.9', file: 'rest-session-3.9.1.json' },
] as const;

const session = (file: string): Exchange[] =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/recorded/${file}`, import.meta.url), 'utf8')) as Exchange[];

/** What is compared of an exchange beside its status, and why not all of it. */
type Difference = { reason: string; compare: 'status' | 'nothing'; only?: '3.9' | '4.1' };

const OWN_JSON: Difference = { compare: 'status', reason: 'the sentence is of another JSON reader' };
const DIFFERENT: Readonly<Record<number, Difference>> = {
  0: { compare: 'status', reason: 'version, commit and cluster are its own' },
  13: { compare: 'status', reason: 'the meaning of a key, port 0 and the bind address are its own (compared below)' },
  14: { compare: 'status', reason: 'as 13, and converters are not resolved (compared below)' },
  15: { compare: 'status', reason: 'as 14' },
  18: { compare: 'status', reason: 'the place of the plug-in is its own' },
  20: OWN_JSON,
  21: OWN_JSON,
  37: { compare: 'status', reason: 'the bridge keeps no offsets' },
  54: { compare: 'status', reason: 'as 37: its sentence says so' },
  57: { compare: 'nothing', reason: 'the recorded workers had other loggers configured (404 on one, DEBUG on the other)' },
  58: { compare: 'status', only: '4.1', reason: 'the recorded worker could not name the loggers it changed' },
};

/** A recorded configuration with free ports: the recording had the machine to itself. */
function onFreePorts(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const whole = body as Json;
  if (whole['config']) return { ...whole, config: onFreePorts(whole['config']) };
  return whole['otlp.bind.address'] === undefined ? body : { 'otlp.grpc.port': '0', 'otlp.http.port': '0', ...whole };
}

/** Ports that the recorded requests themselves ask for; any other is the test's 0 or what the system gave for it. */
const RECORDED_PORTS = ['99999', 'abc'];

/** An answer without what is different at every start, and without the ports that the test added. */
function comparable(answer: unknown, workerId: string): unknown {
  const text = JSON.stringify(answer ?? '').replaceAll(workerId, '127.0.0.1:8083');
  return JSON.parse(text, (key, value: unknown) =>
    (key === 'otlp.grpc.port' || key === 'otlp.http.port') && !RECORDED_PORTS.includes(value as string) ? undefined : value,
  );
}

const namesOf = (answer: unknown): string[] => {
  const list = (Array.isArray(answer) ? answer : (answer as { configs: unknown[] }).configs) as Json[];
  return list.map((entry) => ((entry['definition'] as Json | undefined) ?? entry)['name'] as string);
};
const definitionsOf = (answer: unknown): Json[] => {
  const list = (Array.isArray(answer) ? answer : (answer as { configs: unknown[] }).configs) as Json[];
  const own = ['documentation', 'default_value'];
  return list.map((entry) =>
    Object.fromEntries(Object.entries((entry['definition'] as Json | undefined) ?? entry).filter(([key]) => !own.includes(key))),
  );
};
const errorsOf = (answer: unknown): unknown[] => (answer as { configs: { value: Json }[] }).configs.flatMap(({ value }) => value['errors']);

for (const { keys, file } of VERSIONS) {
  test(`answers the session recorded at Kafka Connect ${keys} as it did`, async (t) => {
    const { bridge, rest } = await running(t, testSettings(folder(), { 'bridge.connect.version': keys }));
    assert.equal((await rest('/connectors/otlp-source', { method: 'DELETE' })).status, 204);
    const { workerId } = bridge.worker.face;
    const replies: Reply[] = [];

    for (const [index, exchange] of session(file).entries()) {
      const [method, path] = exchange.request.split(' ') as [string, string];
      const type = exchange.status === 415 ? { headers: { 'content-type': 'text/plain' } } : {};
      const body = exchange.body === null ? {} : { body: onFreePorts(exchange.body) };
      const reply = await ask(`http://${workerId}${path}`, { method, ...body, ...type });
      replies.push(reply);

      const said = `${index}: ${exchange.request} ${JSON.stringify(exchange.body)}`;
      const difference = DIFFERENT[index];
      const compare = difference && (difference.only ?? keys) === keys ? difference.compare : 'all';
      if (compare === 'nothing') continue;
      assert.equal(reply.status, exchange.status, said);
      if (compare === 'status') continue;
      assert.deepEqual(comparable(reply.json, workerId), comparable(exchange.answer === '' ? null : exchange.answer, workerId), said);
      if (exchange['content-type'] !== null) assert.equal(reply.headers['content-type'], exchange['content-type'], said);
      assert.equal(reply.headers['location'], exchange.location?.replace('127.0.0.1:8083', workerId), said);
    }

    const recorded = session(file);
    for (const index of [13, 14, 15]) assert.deepEqual(namesOf(replies[index]!.json), namesOf(recorded[index]!.answer), `keys of ${index}`);
    for (const index of [13, 14, 15])
      assert.deepEqual(definitionsOf(replies[index]!.json), definitionsOf(recorded[index]!.answer), `definitions of ${index}`);
    for (const index of [14, 15]) assert.deepEqual(errorsOf(replies[index]!.json), errorsOf(recorded[index]!.answer), `errors of ${index}`);
    const withoutPlace = (reply: unknown) => (reply as { message: string }).message.replace(/location='[^']*'/, '');
    assert.equal(withoutPlace(replies[18]!.json), withoutPlace(recorded[18]!.answer));
    assert.match((replies[0]!.json as { version: string }).version, /^(4\.1\.0|3\.9\.1)-otlpctl$/);
  });
}

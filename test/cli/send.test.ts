import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { newMark } from '../../checks/probes/marked/mark.ts';
import { isHeld, rateOf, sendAll, type Sent } from '../../cli/sending/run.ts';
import { schema } from '../../proto/schema.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

type Json = {
  ok: boolean;
  sent: number;
  run: string;
  answers: { code: string; said: string; count: number }[];
  peculiar: string[];
  rate: { held: boolean };
  stored: { expected: number; found: number; missing: number[]; identified: boolean } | null;
  requests: { number: number; answer: string; ok: boolean; ms: number; storedMs?: number | null }[];
};
const sent = async (args: readonly string[]) => {
  const ran = await otlpctl(['send', ...args, '--format', 'json']);
  return { code: ran.code, stderr: ran.stderr, json: JSON.parse(ran.stdout) as Json };
};

let bridge: BridgeProcess;
before(async () => (bridge = await startBridgeProcess()));
after(() => bridge.stop());

for (const protocol of ['grpc', 'http/protobuf', 'http/json'])
  for (const signal of SIGNALS)
    test(`${signal} over ${protocol} are taken, found in the bridge's file sink, and are what OTLP has`, async () => {
      const gzip = signal === 'logs' ? ['--gzip'] : [];
      const { code, stderr, json } = await sent([signal, '--protocol', protocol, '--count', '5', '--verify', ...gzip, ...bridge.target]);
      assert.equal(code, 0, JSON.stringify(json));
      assert.match(
        stderr,
        new RegExp(`^Sends 5 marked requests of ${signal} to 127.0.0.1:.*: puts 5 records on topic otlp-${signal}, marked`),
      );
      assert.deepEqual([json.sent, json.stored?.found, json.stored?.missing, json.peculiar], [5, 5, [], []]);
      assert.deepEqual(
        json.requests.map(({ number, ok }) => [number, ok]),
        [1, 2, 3, 4, 5].map((number) => [number, true]),
      );
      for (const { ms, storedMs } of json.requests) assert.ok(ms > 0 && storedMs! > 0);
      const ours = storedBy(signal).filter((text) => text.includes(json.run));
      assert.equal(ours.length, 5);
      for (const text of ours) assert.match(text, /otlpctl\.test/);
    });

/** What the file sink has of a signal, decoded by the schema: it fails for what is no Export request. */
function storedBy(signal: (typeof SIGNALS)[number]): string[] {
  const type = schema().lookupType(SIGNAL[signal].request);
  const lines = readFileSync(join(bridge.folder, 'data', `${SIGNAL[signal].topic}.jsonl`), 'utf8')
    .split('\n')
    .filter(Boolean);
  return lines.map((line) => {
    const { headers, value } = JSON.parse(line) as { headers: Record<string, string>; value: string };
    const bytes = Buffer.from(value, 'base64');
    return headers['content-type'] === 'application/json'
      ? JSON.stringify(JSON.parse(bytes.toString()))
      : JSON.stringify(type.decode(bytes));
  });
}

/** A receiver that answers so. */
async function receiver(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => void (server.close(), server.closeAllConnections()));
  return ['--connect-url', 'none', '--otlp-http', `127.0.0.1:${(server.address() as AddressInfo).port}`];
}
const JSON_TYPE = { 'content-type': 'application/json' };
const HTTP = ['--protocol', 'http/protobuf'];

test("a JSON answer to protobuf is told as the connector's way, and is no failure", async (t) => {
  const target = await receiver(t, (_request, response) => response.writeHead(200, JSON_TYPE).end('{}'));
  const { code, json } = await sent(['traces', ...HTTP, ...target]);
  assert.equal(code, 0);
  assert.match(json.peculiar.join(), /answers protobuf with application\/json and \{\}.*this connector does so/);
});

test('400 to gzip is told as what the connector does not read', async (t) => {
  const target = await receiver(t, (request, response) =>
    request.headers['content-encoding'] === 'gzip'
      ? response.writeHead(400, JSON_TYPE).end('{"error":"Protocol message tag had invalid wire type."}')
      : response.writeHead(200, JSON_TYPE).end('{}'),
  );
  const { code, json } = await sent(['logs', ...HTTP, '--gzip', ...target]);
  assert.equal(code, 2);
  assert.deepEqual(json.answers[0]?.code, '400');
  assert.match(json.peculiar.join(), /this connector does not decompress over HTTP/);
});

test('each of many is accounted for: taken, refused, cut off', async (t) => {
  let n = 0;
  const target = await receiver(t, (request, response) => {
    n += 1;
    if (n % 4 === 0) response.writeHead(503, JSON_TYPE).end('{"error":"Queue full"}');
    else if (n % 10 === 1) request.socket.destroy();
    else response.writeHead(200, JSON_TYPE).end('{}');
  });
  const { code, json } = await sent(['metrics', ...HTTP, '--count', '100', ...target]);
  assert.equal(code, 2);
  const by = Object.fromEntries(json.answers.map(({ code: said, count }) => [said, count]));
  assert.equal(json.requests.length, 100);
  assert.equal(
    Object.values(by).reduce((a, b) => a + b),
    100,
  );
  assert.equal(by['503'], 25);
  assert.ok((by['200'] ?? 0) >= 60, JSON.stringify(by));
});

test('a success that rejects what was sent is none', async (t) => {
  const body = JSON.stringify({ partialSuccess: { rejectedSpans: '1', errorMessage: 'too old' } });
  const target = await receiver(t, (_request, response) => response.writeHead(200, JSON_TYPE).end(body));
  const { code, json } = await sent(['traces', '--protocol', 'http/json', ...target]);
  assert.equal(code, 2);
  assert.equal(json.answers[0]?.said, '1 spans rejected: too old');
});

test('a receiver that refuses or hangs is a 2, and an address that was only assumed a 3', async (t) => {
  const refused = await sent(['traces', ...HTTP, '--connect-url', 'none', '--otlp-http', '127.0.0.1:9']);
  assert.deepEqual([refused.code, refused.json.answers[0]?.code, refused.json.sent], [2, 'refused', 0]);
  const grpc = await sent(['traces', '--connect-url', 'none', '--otlp-grpc', '127.0.0.1:9']);
  assert.deepEqual([grpc.code, grpc.json.answers[0]?.code, grpc.json.sent], [2, 'no connection', 0]);
  assert.equal(grpc.json.answers[0]?.said, 'connect ECONNREFUSED 127.0.0.1:9');
  const assumed = await sent(['traces', '--connect-url', 'http://127.0.0.3:9']);
  assert.deepEqual([assumed.code, assumed.json.answers[0]?.code], [3, 'no connection']);
  const target = await receiver(t, () => undefined);
  const hung = await sent(['traces', ...HTTP, '--timeout', '0.5', ...target]);
  assert.deepEqual([hung.code, hung.json.answers[0]?.code, hung.json.sent], [2, 'no answer', 1]);
});

test('what cannot be used or verified is refused in one sentence, and nothing is sent', async (t) => {
  let requests = 0;
  const target = await receiver(t, (_request, response) => {
    requests += 1;
    response.end();
  });
  const says = async (args: readonly string[], sentence: RegExp) => {
    const { code, stderr } = await otlpctl(['send', 'traces', ...HTTP, ...args, ...target]);
    assert.equal(code, 3);
    assert.match(stderr, sentence);
  };
  await says(['--count', '1e3'], /^otlpctl: --count "1e3" is not a whole number from 1 to 1000000 \(try 100\)\n$/);
  await says(['--rate', 'fast'], /^otlpctl: --rate "fast" is not a number of messages per second in plain digits/);
  await says(['--verify'], /^otlpctl: where messages end is not known, give --kafka HOST:PORT\n$/);
  await says(['--verify', '--kafka', '127.0.0.1:9'], /topic otlp-traces at 127\.0\.0\.1:9 cannot be read, so nothing was sent/);
  assert.equal(requests, 0);
});

test('a bridge whose sink nobody can look into is counted on', async (t) => {
  const memory = await startBridgeProcess({ 'bridge.sink': 'memory' });
  t.after(() => memory.stop());
  const { code, json } = await sent(['traces', '--count', '7', '--verify', ...memory.target]);
  assert.equal(code, 0, JSON.stringify(json.stored));
  assert.deepEqual([json.stored?.identified, json.stored?.found], [false, 7]);
});

test('a mark is found in every form of record', () => {
  const mark = newMark('0a1b2c3d4e5f');
  const text = `padding padding padding padding ${mark.idOf(42)}2 more`;
  const packed = Buffer.from(text).toString('base64');
  for (const record of [
    text,
    JSON.stringify({ body: text }),
    packed,
    JSON.stringify(packed),
    JSON.stringify({ schema: { type: 'string' }, payload: packed }),
  ])
    assert.deepEqual(mark.numbersIn(Buffer.from(record)), [42], record);
  assert.deepEqual(newMark().numbersIn(Buffer.from(text)), []);
});

test('a rate is held within 5 %, and what was reached is measured', async () => {
  const at = (n: number): Sent => ({ number: n, at: n * 10, ms: 1, answer: { ok: true, code: 'OK', said: '', sent: true, peculiar: [] } });
  assert.equal(Math.round(rateOf([at(1), at(2), at(3)])!), 100);
  assert.deepEqual([isHeld(100, 95.1), isHeld(100, 94), isHeld(100, 106), isHeld(100, undefined)], [true, false, false, true]);
  const seen: Sent[] = [];
  const never = new AbortController();
  const slow = () => new Promise<Sent['answer']>((done) => setTimeout(() => done(at(1).answer), 100));
  await sendAll({ count: 40, perSecond: 200 }, slow, { signal: never.signal, onSent: (one) => void seen.push(one) });
  const reached = rateOf(seen)!;
  assert.equal(seen.length, 40);
  assert.ok(reached < 210, `slow answers do not hold a rate back, and it is not overrun: ${reached}`);
  assert.ok(reached > 20, `${reached}`);
});

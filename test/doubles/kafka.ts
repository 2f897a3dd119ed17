import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { CERTIFICATE, CERTIFICATE_KEY } from './certificate.ts';
import { listen, type Double } from './listen.ts';

/**
 * As much of a broker as a look at brokers and topics needs: ApiVersions, and Metadata in version 2, byte for byte as Kafka's protocol guide has them.
 * Other requests are offered by nobody and never answered.
 */
export type FakeKafka = {
  /** where it advertises itself; its own address when left out */
  advertised?: { host: string; port: number };
  /** requests that it takes and does not answer */
  silentTo?: readonly ('ApiVersions' | 'Metadata')[];
  /** APIs that it offers: a controller has no Metadata */
  offers?: readonly number[];
  tls?: true;
  /** hangs up at the first request after ApiVersions, as a listener does that wants SASL */
  hangsUp?: true;
  /** bytes of the answer to ApiVersions that it sends before it hangs */
  cutAfter?: number;
};

export type KafkaDouble = Double & {
  /** connections that are open now */ open(): number;
  /** topics that Metadata was asked for */ asked: string[];
};

const API_VERSIONS = 18;
const METADATA = 3;
const UNKNOWN_TOPIC = 3;

export async function fakeKafka(how: FakeKafka = {}): Promise<KafkaDouble> {
  const open = new Set<Socket>();
  const asked: string[] = [];
  const own = { host: '127.0.0.1', port: 0 };
  const serve = (socket: Socket): void => {
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) {
        const request = bytes.subarray(4, 4 + bytes.readInt32BE(0));
        bytes = bytes.subarray(4 + request.length);
        if (how.hangsUp === true && request.readInt16BE(0) !== API_VERSIONS) return void socket.end();
        const answer = answerTo(request, how, how.advertised ?? own, asked);
        if (answer !== undefined) socket.write(answer);
      }
    });
    socket.on('error', () => undefined);
  };
  const server: Server = how.tls === true ? createTls({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, serve) : createServer(serve);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  const double = await listen(server);
  own.port = double.port;
  return { ...double, open: () => open.size, asked };
}

function answerTo(request: Buffer, how: FakeKafka, at: { host: string; port: number }, asked: string[]): Buffer | undefined {
  const [key, version] = [request.readInt16BE(0), request.readInt16BE(2)];
  const bodyAt = 10 + request.readInt16BE(8);
  const name = key === API_VERSIONS ? 'ApiVersions' : 'Metadata';
  if (how.silentTo?.includes(name) === true) return undefined;
  const body =
    key === API_VERSIONS ? apiVersions(how, version) : key === METADATA ? metadata(request.subarray(bodyAt), at, asked) : undefined;
  if (body === undefined) return undefined;
  const answer = Buffer.concat([int32(4 + body.length), request.subarray(4, 8), body]);
  return how.cutAfter === undefined ? answer : answer.subarray(0, how.cutAfter);
}

const int16 = (n: number): Buffer => Buffer.from([(n >> 8) & 0xff, n & 0xff]);
const int32 = (n: number): Buffer => Buffer.concat([int16(n >> 16), int16(n)]);
const string = (text: string | null): Buffer =>
  text === null ? int16(-1) : Buffer.concat([int16(text.length), Buffer.from(text, 'latin1')]);
const array = (parts: readonly Buffer[]): Buffer => Buffer.concat([int32(parts.length), ...parts]);

function apiVersions({ offers = [METADATA, API_VERSIONS] }: FakeKafka, version: number): Buffer {
  const rows = offers.map((key) => Buffer.concat([int16(key), int16(0), int16(2)]));
  return Buffer.concat([int16(0), array(rows), version > 0 ? int32(0) : Buffer.alloc(0)]);
}

/** No topic exists here. */
function metadata(body: Buffer, { host, port }: { host: string; port: number }, asked: string[]): Buffer {
  const topics: Buffer[] = [];
  let at = 4;
  for (let left = body.readInt32BE(0); left > 0; left--) {
    const length = body.readInt16BE(at);
    const name = body.toString('latin1', at + 2, at + 2 + length);
    at += 2 + length;
    asked.push(name);
    topics.push(Buffer.concat([int16(UNKNOWN_TOPIC), string(name), Buffer.from([0]), array([])]));
  }
  const broker = Buffer.concat([int32(1), string(host), int32(port), string(null)]);
  return Buffer.concat([array([broker]), string('fake-cluster'), int32(1), array(topics)]);
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SIGNAL } from '../../proto/vocabulary/signals.ts';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';
import { exportRequest } from '../doubles/load.ts';
import { until } from '../doubles/until.ts';
import { overGrpc } from '../real/stand/otlp-clients.ts';
import { ask } from './bridge-fixture.ts';

const PATH = SIGNAL.traces.path;
const TYPE = 'content-type: application/x-protobuf';
/** As large as a batch may be: what a crowd takes away shows sooner than with a small one. */
const GOOD = exportRequest('traces', 'x'.repeat(300_000));
const SMALL = exportRequest('traces', 'small');
const GOOD_ZIPPED = gzipSync(GOOD);
/** Larger than one request may be, and small on the wire. */
const BOMB = gzipSync(Buffer.alloc(80 * 2 ** 20));
const head = (length: number, more = '') => `POST ${PATH} HTTP/1.1\r\nhost: x\r\n${TYPE}\r\ncontent-length: ${length}\r\n${more}\r\n`;

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const postGzip = (port: number, body: Buffer) =>
  ask(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', body, headers: { ...PROTOBUF, 'content-encoding': 'gzip' } });

const EXPORT = { ':method': 'POST', ':path': `/${SIGNAL.traces.service}/Export`, 'content-type': 'application/grpc', te: 'trailers' };

async function bombOverGrpc(port: number): Promise<void> {
  const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => {});
  const call = session.request({ ...EXPORT, 'grpc-encoding': 'gzip' }).on('error', () => {});
  const frame = Buffer.alloc(5);
  frame.writeUInt8(1, 0);
  frame.writeUInt32BE(BOMB.length, 1);
  call.resume().end(Buffer.concat([frame, BOMB]));
  await once(call, 'close');
  session.destroy();
}

/** What a crowd does to the ports; it leaves when it is told to. */
type Crowd = { what: string; join(ports: { grpc: number; http: number }): Promise<() => void> };

async function opened(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {}));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
}
const leave = (sockets: readonly Socket[]) => () => sockets.forEach((socket) => socket.destroy());

const CROWDS: readonly Crowd[] = [
  {
    what: 'four thousand connections that say nothing',
    async join({ grpc, http }) {
      return leave([...(await opened(http, 2000)), ...(await opened(grpc, 2000))]);
    },
  },
  {
    what: 'senders of a byte a second',
    async join({ grpc, http }) {
      const sockets = await opened(http, 300);
      for (const socket of sockets) socket.write(head(1_000_000));
      const sessions = Array.from({ length: 30 }, () => connectHttp2(`http://127.0.0.1:${grpc}`).on('error', () => {}));
      const calls = sessions.map((session) => session.request(EXPORT).on('error', () => {}));
      for (const call of calls) call.write(Buffer.from([0, 0, 1, 0, 0]));
      const drip = setInterval(() => [...sockets, ...calls].forEach((one) => one.writable && one.write('x')), 1000);
      return () => {
        clearInterval(drip);
        leave(sockets)();
        for (const session of sessions) session.destroy();
      };
    },
  },
  {
    what: 'senders that close their half in the middle, and such as never read what they are answered',
    async join({ grpc, http }) {
      const halves = [...(await opened(http, 300)), ...(await opened(grpc, 100))];
      for (const socket of halves) socket.pause().end(head(100) + 'abc');
      const deaf = await opened(http, 100);
      for (const socket of deaf) for (let more = 0; more < 50; more++) socket.pause().write(head(3) + 'abc');
      return leave([...halves, ...deaf]);
    },
  },
  {
    what: 'bombs of gzip',
    join({ grpc, http }) {
      const stop = new AbortController();
      const throwing = async (throwOne: () => Promise<unknown>) => {
        while (!stop.signal.aborted) await throwOne().catch(() => {});
      };
      for (let thrower = 0; thrower < 8; thrower++) void throwing(() => postGzip(http, BOMB));
      for (let thrower = 0; thrower < 4; thrower++) void throwing(() => bombOverGrpc(grpc));
      return Promise.resolve(() => stop.abort());
    },
  },
  {
    what: 'senders that are gone before their answer',
    async join({ http }) {
      const stop = new AbortController();
      const dying = async () => {
        while (!stop.signal.aborted) {
          const socket = connect(http, '127.0.0.1').on('error', () => {});
          await once(socket, 'connect').catch(() => {});
          socket.write(Buffer.concat([Buffer.from(head(SMALL.length)), SMALL]), () => socket.resetAndDestroy());
          await once(socket, 'close');
        }
      };
      for (let dier = 0; dier < 8; dier++) void dying();
      return Promise.resolve(() => stop.abort());
    },
  },
];

/** What a good sender does: over HTTP, in gzip, over gRPC. Gives what it was answered. */
async function exchange({ grpc, http }: { grpc: number; http: number }): Promise<string[]> {
  const plain = await ask(`http://127.0.0.1:${http}${PATH}`, { method: 'POST', body: GOOD, headers: PROTOBUF });
  const zipped = await postGzip(http, GOOD_ZIPPED);
  const codes = await overGrpc(grpc, 'traces', GOOD);
  return [`http ${plain.status}`, `gzip ${zipped.status}`, ...Object.keys(codes).map((code) => `grpc ${code}`)];
}

/** Long enough for several exchanges beside each crowd; the real tier stays longer. */
const FOR_MS = process.env['OTLPCTL_REAL'] === '1' ? 3000 : 700;
const LEAST_ROUNDS = 3;
/** A sender of an SDK gives up after 10 s. */
const SLOWEST_MS = 5000;
/** The limit of bytes held, and what Node itself takes. */
const MOST_MEMORY_KB = 900_000;

describe('bad clients', () => {
  let bridge: BridgeProcess;
  before(async () => void (bridge = await startBridgeProcess({ 'bridge.max.connections': '10000' })));
  after(() => bridge.stop());
  const values = async () => {
    const page = (await (await fetch(bridge.metricsUrl)).json()) as Record<'counters' | 'gauges', Record<string, number>>;
    return { ...page.counters, ...page.gauges };
  };

  for (const { what, join } of CROWDS)
    test(`${what}: the others notice nothing`, async (t) => {
      const ports = bridge.ports as { grpc: number; http: number };
      const part = await join(ports);
      t.after(part);
      const answers = new Set<string>();
      const took: number[] = [];
      for (const end = performance.now() + FOR_MS; performance.now() < end || took.length < LEAST_ROUNDS;) {
        const began = performance.now();
        for (const answer of await exchange(ports)) answers.add(answer);
        took.push(performance.now() - began);
      }
      part();
      assert.deepEqual([...answers].sort(), ['grpc 0', 'gzip 200', 'http 200']);
      const slowest = Math.max(...took);
      t.diagnostic(`${took.length} rounds, slowest ${Math.round(slowest)} ms`);
      assert.ok(slowest < SLOWEST_MS, `${slowest} ms`);
      await until('everything to be given back and stored', async () => {
        const { HeldBytes, TracesReceived, RecordsProduced } = await values();
        return HeldBytes === 0 && TracesReceived === RecordsProduced ? true : undefined;
      });
    });

  test('and the bridge is what it was: of bounded memory, and without a word of failure', { skip: process.platform !== 'linux' }, () => {
    const most = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${bridge.pid}/status`, 'utf8'))![1]);
    assert.ok(most < MOST_MEMORY_KB, `${most} kB`);
    const failures = bridge
      .log()
      .split('\n')
      .filter((line) => / ERROR /.test(line) && !/event=http_(channel_error|traces?_error)/.test(line));
    assert.deepEqual(failures, []);
  });
});

import { connect } from 'node:net';
import { join } from 'node:path';
import { part } from '../stand/part.ts';
import type { Part } from '../stand/part.ts';
import { BIN } from '../../doubles/otlpctl.ts';
import { until } from '../../doubles/until.ts';
import type { CleanUps } from './clean-ups.ts';

/** Where a process of a fault lives: its log's folder, and who ends it if the runner does not. */
export type Place = Pick<CleanUps, 'after'> & { folder: string; adopt(group: number): void };

/** As `python3 -m http.server` and `nc -lk`: the one answers every request with a page, the other takes bytes and says nothing. */
const SPEECH = {
  page: ['-m', 'http.server', '--bind', '127.0.0.1'],
  silent: [
    '-c',
    `import socketserver, sys
class Silent(socketserver.BaseRequestHandler):
    def handle(self):
        while self.request.recv(4096):
            pass
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
Server(("127.0.0.1", int(sys.argv[1])), Silent).serve_forever()`,
  ],
} as const;

export const listens = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true))).on('error', () => done(false));
  });

/** Another process on a port: `page` says 200 as a web server does, `silent` takes bytes as `nc -lk` does. */
export async function squatter(place: Place, port: number, speech: keyof typeof SPEECH): Promise<Part> {
  return startIn(place, { name: `squatter-${port}`, command: ['python3', ...SPEECH[speech], String(port)], ready: () => listens(port) });
}

/** Another OTLP server on two ports, which takes what clients send. */
export const otlpServer = (place: Place, ports: { grpc: number; http: number }): Promise<Part> => {
  const keys = {
    'otlp.grpc.port': ports.grpc,
    'otlp.http.port': ports.http,
    'bridge.rest.port': 0,
    'bridge.metrics.port': 0,
    'bridge.sink': 'memory',
    'bridge.state.dir': join(place.folder, `other-${ports.grpc}`),
  };
  const set = Object.entries(keys).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  return startIn(place, {
    name: `otlp-server-${ports.grpc}`,
    command: [process.execPath, BIN, 'bridge', ...set],
    ready: async () => (await listens(ports.grpc)) && (await listens(ports.http)),
  });
};

type Plan = { name: string; command: readonly [string, ...string[]]; ready: () => Promise<boolean> };

async function startIn(place: Place, plan: Plan): Promise<Part> {
  const one = part({ ...plan, logFile: join(place.folder, `${plan.name}.log`) }, place.adopt);
  place.after(() => one.kill());
  await one.start();
  return one;
}

/** Waits until nobody accepts connections there. */
export const nobodyOn = (port: number, deadlineMs?: number): Promise<true> =>
  until(`port ${port} to be closed`, async () => ((await listens(port)) ? undefined : true), deadlineMs);

/** Receivers, the network before them, and what differs between the transports. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CERTIFICATE, CERTIFICATE_KEY } from '../../doubles/certificate.ts';
import { runClient, TROUBLED } from '../clients/troubled.ts';
import { proxy } from '../stand/proxy.ts';
import type { ProxyMode } from '../stand/proxy.ts';
import type { BridgeScene } from './bridge-scene.ts';
import { DRILLS_ON, expected } from './fault.ts';
import type { Expected, Fault } from './fault.ts';
import { L2, startLoads } from './loads.ts';
import type { Stream } from './loads.ts';
import type { RealScene } from './real-scene.ts';
import { answer, flowing } from './section-2.ts';
import { sendFiles } from './section-6.ts';
import { nobodyOn, squatter } from './squatter.ts';

type Scene = RealScene | BridgeScene;

const HTTP: readonly Stream[] = L2.filter(({ over }) => over === 'http');
const GRPC: readonly Stream[] = L2.filter(({ over }) => over === 'grpc');

const iptables = (...words: string[]): Promise<unknown> => promisify(execFile)('iptables', ['-w', ...words]);

/** A rule of this machine's packet filter for one port, which goes with the scene. */
const filtered =
  (transport: 'grpc' | 'http', ...verdict: string[]) =>
  async (scene: Scene): Promise<void> => {
    await flowing(scene);
    const rule = ['INPUT', '-p', 'tcp', '--dport', String(scene[transport]), '-j', ...verdict];
    await iptables('-I', ...rule);
    scene.after(async () => void (await iptables('-D', ...rule)));
  };

/** Both receivers are bound to 127.0.0.1, and everybody is told another address of the host. */
const told = async (scene: Scene): Promise<void> => {
  const host = '127.0.0.2';
  startLoads(scene, { grpc: scene.grpc, http: scene.http, host }, GRPC);
  scene.look['otlp-grpc'] = `${host}:${scene.grpc}`;
  scene.look['otlp-http'] = `http://${host}:${scene.http}`;
};

const withoutGrpc = async (scene: Scene, config: Record<string, string> = {}): Promise<void> => {
  await scene.ask('PATCH', '/config', { 'otlp.grpc.enabled': 'false', ...config });
  await nobodyOn(scene.grpc);
  await scene.settled('RUNNING', 'RUNNING');
};

const offButUsed = async (scene: Scene): Promise<void> => {
  await withoutGrpc(scene);
  scene.load(GRPC);
  await sendFiles(scene, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${scene.grpc}` });
};

/** `grep 4317` finds 43170. */
const neighbourPort = async (scene: Scene): Promise<void> => {
  await withoutGrpc(scene, { 'otlp.grpc.port': '4317' });
  await squatter(scene, 43_170, 'silent');
  scene.look['otlp-grpc'] = '127.0.0.1:4317';
  scene.look.expect = 'grpc';
  scene.load(HTTP);
  await scene.beanWhen('messages to flow', ({ RecordsProduced = 0 }) => RecordsProduced > 0);
};

/** TLS is switched on, with files that are good. */
const withTls = async (scene: Scene): Promise<void> => {
  const [cert, key] = [join(scene.folder, 'tls.pem'), join(scene.folder, 'tls.key')];
  writeFileSync(cert, CERTIFICATE);
  writeFileSync(key, CERTIFICATE_KEY, { mode: 0o600 });
  await scene.ask('PATCH', '/config', { 'otlp.tls.enabled': 'true', 'otlp.tls.cert.path': cert, 'otlp.tls.key.path': key });
  await scene.settled('RUNNING', 'RUNNING');
};
const httpsClient = (scene: Scene): Promise<string> => runClient(TROUBLED['https-to-plaintext'](scene));

const GZIP: readonly Stream[] = [{ over: 'http', signal: 'traces', perSecond: 20, gzip: true }];

/** One batch of an SDK, configured as by somebody who wanted few requests, is above the receiver's limit. A span of it has some 99 bytes. */
const oversized =
  (protocol: 'grpc' | 'http/protobuf', spans: number) =>
  async (scene: Scene): Promise<void> => {
    await flowing(scene);
    const port = protocol === 'grpc' ? scene.grpc : scene.http;
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      // Its loop is busy for a while before it looks at answers.
      OTEL_EXPORTER_OTLP_TIMEOUT: '10000',
      OTEL_BSP_MAX_QUEUE_SIZE: String(spans),
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: String(spans),
    };
    await sendFiles(scene, env, { sdk: 'js', orders: spans });
  };

/** Everybody, the operator too, comes to one receiver through something that answers by itself; the other transport is as it was. */
const behind =
  (transport: 'grpc' | 'http', mode: ProxyMode) =>
  async (scene: Scene): Promise<void> => {
    const one = await proxy({ port: scene[transport] }, mode);
    scene.after(() => one.close());
    scene.look[`otlp-${transport}`] = transport === 'grpc' ? `127.0.0.1:${one.port}` : `http://127.0.0.1:${one.port}`;
    startLoads(scene, { grpc: scene.grpc, http: scene.http, [transport]: one.port }, L2);
    await scene.beanWhen('messages to flow', ({ RecordsProduced = 0 }) => RecordsProduced > 0);
  };

/** The same fault by the same deed on both stacks. */
const both = (id: string, expect: Expected, inject: (scene: Scene) => Promise<void>): Fault => ({
  id,
  expect,
  real: { inject },
  bridge: { inject },
});

/** The connector's limits cannot be set; the bridge has one for both, which is put where the connector's lower one is. */
const aboveLimit = (id: string, inject: (scene: Scene) => Promise<void>): Fault => ({
  id,
  expect: expected(0, 'client-rejected'),
  real: { inject },
  bridge: { set: { 'bridge.max.request.bytes': String(4 * 1024 * 1024) }, inject },
});

export const SECTION_5: readonly Fault[] = [
  both('grpc-filtered-http-flows', expected(2, 'receiver-unreachable'), filtered('grpc', 'DROP')),
  both('http-rejected', expected(2, 'receiver-unreachable'), filtered('http', 'REJECT', '--reject-with', 'tcp-reset')),
  both('loopback-only', expected(2, 'receiver-bound-to-loopback'), told),
  both('grpc-off-but-used', expected(0, 'receiver-disabled'), offButUsed),
  both('neighbour-port-match', expected(2, 'receiver-disabled'), neighbourPort),
  {
    id: 'tls-ignored',
    expect: expected(1, 'tls-ignored'),
    real: {
      inject: async (scene) => {
        await withTls(scene);
        await scene.logged('tls_not_implemented');
        await httpsClient(scene);
      },
    },
    bridge: {
      set: DRILLS_ON,
      inject: async (scene) => {
        await withTls(scene);
        await scene.drill('recv:plaintext');
        await httpsClient(scene);
      },
    },
  },
  {
    id: 'http-gzip-400',
    expect: { ...expected(1, 'client-rejected'), healthExit: 0 },
    real: {
      inject: async (scene) => {
        scene.load(GZIP);
        await scene.logged('event=http_trace_error');
      },
    },
    bridge: {
      expect: expected(0, 'none'),
      inject: async (scene) => {
        scene.load(GZIP);
        await scene.beanWhen('what was packed to be written', ({ RecordsProduced = 0 }) => RecordsProduced > 20);
      },
    },
  },
  aboveLimit('http-over-10mib', oversized('http/protobuf', 110_000)),
  aboveLimit('grpc-over-4mib', oversized('grpc', 45_000)),
  both(
    'ingress-html-502',
    expected(2, 'proxy-in-the-way'),
    behind('http', answer('502 Bad Gateway', 'text/html', '<html><h1>502 Bad Gateway</h1></html>')),
  ),
  both('proxy-blocks-h2', expected(2, 'proxy-in-the-way'), behind('grpc', answer('400 Bad Request', 'text/plain', 'Bad Request'))),
];

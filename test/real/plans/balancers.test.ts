import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { startBridgeProcess, type BridgeProcess } from '../../doubles/bridge-process.ts';
import { inProcess } from '../../doubles/in-process.ts';
import { until } from '../../doubles/until.ts';
import { kindsOf } from '../scale/scene.ts';
import { startSenders, type Sent } from '../scale/senders.ts';
import { discard, keep } from '../stand/keeper.ts';
import { part } from '../stand/part.ts';
import { freePorts } from '../stand/ports.ts';
import { ENVOY, HAPROXY, NGINX } from '../tools.ts';

/** Two bridges on the ports of a plan, and the files of that plan. */
let folder: string;
let plan: string;
let bridges: BridgeProcess[];
let adopt: (group: number) => void;
const listen = { grpc: 0, http: 0 };

const portsIn = (file: string): Record<string, string> => {
  const { config } = JSON.parse(readFileSync(join(plan, file), 'utf8')) as { config: Record<string, string> };
  return { 'otlp.grpc.port': config['otlp.grpc.port']!, 'otlp.http.port': config['otlp.http.port']! };
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otlpctl-balancers-'));
  plan = join(folder, 'plan');
  ({ adopt } = keep(folder, process.pid));
  const [grpc, http, balancedGrpc, balancedHttp] = (await freePorts(4)) as [number, number, number, number];
  Object.assign(listen, { grpc: balancedGrpc, http: balancedHttp });
  const first = await startBridgeProcess({ 'bridge.sink': 'memory', 'otlp.grpc.port': String(grpc), 'otlp.http.port': String(http) });
  bridges = [first];
  const words = ['scale', 'connectors', '--instances', '2', '--output', plan, '--connect-url', first.connectUrl];
  const { code, stderr } = await inProcess([...words, '--listen-grpc', String(listen.grpc), '--listen-http', String(listen.http)]);
  assert.deepEqual([code, stderr], [0, '']);
  bridges.push(await startBridgeProcess({ 'bridge.sink': 'memory', ...portsIn('otlp-source-2.json') }));
});
after(async () => {
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  discard(folder);
});

/** What each took until now, over both transports. */
const takenBy = async ({ metricsUrl }: BridgeProcess): Promise<number> =>
  ((await (await fetch(metricsUrl)).json()) as { counters: Record<string, number> }).counters['TracesReceived']!;

/** Waits until so many more are acknowledged over each transport. */
const answered = (sent: Sent, count: number) => {
  const from = sent.acknowledged.size;
  const over = (transport: string) => [...sent.acknowledged.keys()].slice(from).filter((id) => id.includes(transport)).length;
  return until(`${count} answers over each transport`, () => (over('grpc') >= count && over('http') >= count) || undefined, 30_000);
};

/** Of the requests while one stops, those that its senders see fail: what it had in hand. */
const MOST_FAILED = 0.05;

const BALANCERS = {
  haproxy: {
    judge: (file: string) => execa(HAPROXY, ['-c', '-f', file], { reject: false, all: true }),
    run: (file: string): [string, ...string[]] => [HAPROXY, '-db', '-f', file],
    file: 'haproxy.cfg',
    wrong: [['balance roundrobin', 'balance somehow']],
  },
  nginx: {
    judge: (file: string) => execa(NGINX, ['-t', '-c', file], { reject: false, all: true }),
    run: (file: string): [string, ...string[]] => [
      NGINX,
      '-c',
      file,
      '-g',
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;`,
    ],
    file: 'nginx.conf',
    wrong: [['grpc_pass grpc://', 'grpc_pass somehow://']],
  },
  envoy: {
    judge: (file: string) => execa(ENVOY, ['--mode', 'validate', '-c', file], { reject: false, all: true }),
    // Hot restarts of one number share memory over the whole machine.
    run: (file: string): [string, ...string[]] => [ENVOY, '-c', file, '--disable-hot-restart', '--log-level', 'warn'],
    file: 'envoy.json',
    wrong: [
      ['"ROUND_ROBIN"', '"SOMEHOW"'],
      ['"stat_prefix"', '"stat_prefixes"'],
      ['"port_value": ', '"port_value": 9'],
    ],
  },
} as const;

for (const [name, balancer] of Object.entries(BALANCERS)) {
  test(`${name} takes its configuration, and not one that is wrong`, async () => {
    const { exitCode, all } = await balancer.judge(join(plan, balancer.file));
    assert.equal(exitCode, 0, all);
    const wrong = join(folder, `wrong-${balancer.file}`);
    for (const [right, spoiled] of balancer.wrong) {
      writeFileSync(wrong, readFileSync(join(plan, balancer.file), 'utf8').replaceAll(right, spoiled));
      assert.notEqual((await balancer.judge(wrong)).exitCode, 0, spoiled);
    }
  });

  test(`${name} before two bridges: each gets its share of every gRPC call and HTTP request, and the one that is left gets all`, async (t) => {
    const ready = async () => (await fetch(`http://127.0.0.1:${listen.http}/v1/traces`).catch(() => null))?.status === 405;
    const command = balancer.run(join(plan, balancer.file));
    const process = part({ name, logFile: join(folder, `${name}.log`), command, ready }, adopt);
    await process.start();
    t.after(() => process.kill());
    const before = await Promise.all(bridges.map(takenBy));
    const { sent, stop } = startSenders(listen, 100);
    t.after(stop);
    await answered(sent, 200);
    const shares = (await Promise.all(bridges.map(takenBy))).map((taken, index) => taken - before[index]!);
    const all = shares.reduce((sum, share) => sum + share, 0);
    assert.ok(all >= 400 && shares.every((share) => share > all * 0.3), `shares of ${all}: ${shares.join(' and ')}`);
    assert.deepEqual(sent.failures, []);

    assert.equal(await bridges[1]!.stop(), 0);
    await answered(sent, 200);
    await stop();
    assert.equal(sent.givenUp.length, 0, 'every failure is one to try again after');
    const failed = JSON.stringify(kindsOf(sent.failures));
    assert.ok(
      sent.failures.length < sent.acknowledged.size * MOST_FAILED,
      `until it is known to be gone others are asked at once: ${failed}`,
    );
    t.diagnostic(`${sent.acknowledged.size} acknowledged, shares ${shares.join(' and ')}, failed tries while one stopped: ${failed}`);
    bridges[1] = await startBridgeProcess({ 'bridge.sink': 'memory', ...portsIn('otlp-source-2.json') });
  });
}

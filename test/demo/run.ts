/**
 * The demonstration: a bridge on free ports, real telemetry from an OpenTelemetry SDK over both transports, doctor and health on the healthy
 * bridge; then a bridge that drains too slowly, load until its queue refuses, and doctor naming that. Every claim is checked: exit code 1 if one is not so.
 */
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';
import { load } from '../doubles/load.ts';
import { cleanEnv, otlpctl } from '../doubles/otlpctl.ts';
import { until } from '../doubles/until.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const SERVICE = resolve(import.meta.dirname, 'service.ts');
const folder = mkdtempSync(join(tmpdir(), 'otlpctl-demo-'));

function claim(what: string, holds: boolean, seen: unknown): void {
  say(`  ${holds ? 'yes' : 'NO '}  ${what}`);
  if (!holds) {
    say(`       ${typeof seen === 'string' ? seen.trim().replaceAll('\n', '\n       ') : JSON.stringify(seen)}`);
    process.exitCode = 1;
  }
}

const stored = (directory: string) =>
  globSync(`${directory}/**/otlp-*`).reduce((lines, file) => lines + readFileSync(file, 'utf8').split('\n').filter(Boolean).length, 0);

type Metrics = { counters: Record<string, number> };
const metricsOf = async (bridge: BridgeProcess) => (await (await fetch(bridge.metricsUrl)).json()) as Metrics;
const receivedOf = ({ counters }: Metrics) => counters.TracesReceived! + counters.MetricsReceived! + counters.LogsReceived!;

function runService(protocol: string, endpoint: string) {
  const names = { OTEL_SERVICE_NAME: 'shop', OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp' };
  const env = cleanEnv({ ...names, OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  return promisify(execFile)(process.execPath, [SERVICE, '20'], { env });
}

async function healthy(): Promise<void> {
  const bridge = await startBridgeProcess({}, { folder });
  const { ports } = bridge;
  say(`\nA bridge: gRPC ${ports.grpc}, HTTP ${ports.http}, Connect REST ${ports.rest}, metrics ${ports.metrics}, pid ${bridge.pid}`);

  await runService('grpc', `http://127.0.0.1:${ports.grpc}`);
  await runService('http/protobuf', `http://127.0.0.1:${ports.http}`);
  const { counters } = await metricsOf(bridge);
  for (const signal of ['Traces', 'Metrics', 'Logs'])
    claim(`${signal.toLowerCase()} of the SDK arrived over gRPC and over HTTP`, counters[`${signal}Received`]! >= 2, counters);

  say('\n$ otlpctl doctor');
  const doctor = await otlpctl(['doctor', '--window', '1', ...bridge.target]);
  say(doctor.stdout);
  claim('doctor finds nothing wrong, exit code 0', doctor.code === 0, doctor);
  say('$ otlpctl health');
  const health = await otlpctl(['health', ...bridge.target]);
  say(health.stdout);
  claim('health is OK, exit code 0', health.code === 0 && health.stdout.startsWith('OTLP OK'), health);

  const received = receivedOf(await metricsOf(bridge));
  const code = await bridge.stop();
  claim(`a clean stop: ${received} acknowledged, ${received} stored, exit code 0`, code === 0 && stored(bridge.folder) === received, {
    code,
    received,
    stored: stored(bridge.folder),
  });
}

async function overflowing(): Promise<void> {
  const before = stored(folder);
  const bridge = await startBridgeProcess({ 'bridge.drain.max.per.second': '20', 'otlp.message.queue.size': '100' }, { folder });
  say(
    '\nThe same bridge, handing on 20 messages a second at most (bridge.drain.max.per.second) from queues of 100, and 200 traces a second for it',
  );
  const stop = new AbortController();
  const counts = { sent: 0, accepted: 0, refused: 0, other: 0 };
  const loading = load({ port: bridge.ports.http!, signal: 'traces', perSecond: 200 }, stop.signal, counts);
  try {
    await until('the queue to refuse', () => (counts.refused > 20 ? true : undefined));
    say('\n$ otlpctl doctor');
    const doctor = await otlpctl(['doctor', '--window', '2', ...bridge.target]);
    say(doctor.stdout);
    const report = await otlpctl(['doctor', '--window', '2', '--format', 'json', ...bridge.target]);
    const { diagnoses } = JSON.parse(report.stdout) as { diagnoses: { id: string }[] };
    claim(
      'doctor names queue-overflow first, exit code 2',
      doctor.code === 2 && report.code === 2 && diagnoses[0]?.id === 'queue-overflow',
      diagnoses,
    );
  } finally {
    stop.abort();
    await loading;
  }
  const code = await bridge.stop();
  const kept = stored(folder) - before;
  claim(
    `a clean stop: ${counts.accepted} acknowledged, ${kept} stored, ${counts.refused} told to come again, exit code 0`,
    code === 0 && kept === counts.accepted && counts.other === 0,
    {
      code,
      kept,
      counts,
    },
  );
}

try {
  await healthy();
  await overflowing();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
say(process.exitCode ? '\nNot everything was as it should be.' : '\nAll of it was so. Next: npm run -s otlpctl -- --help');

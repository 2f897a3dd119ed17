import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { connectDouble, type ConnectDouble } from '../doubles/connect.ts';
import { double } from '../doubles/double.ts';
import { listen, type Double } from '../doubles/listen.ts';
import { inProcess as otlpctl } from '../doubles/in-process.ts';

const recorded = readFileSync(new URL('../../fixtures/recorded/metrics/jmx_exporter-worker.txt', import.meta.url), 'utf8');

/** The recorded page, with counters that have grown by so much a second since the server began. */
async function exporter(perSecond: { received: number; dropped?: number; produced?: number }): Promise<Double & { url: string }> {
  const began = performance.now();
  const grown = (name: string, before: number): number => {
    const rates: Record<string, number> = {
      TracesReceived: perSecond.received,
      TotalMessagesReceived: perSecond.received,
      TracesDropped: perSecond.dropped ?? 0,
      TotalMessagesDropped: perSecond.dropped ?? 0,
      RecordsProduced: perSecond.produced ?? perSecond.received,
    };
    return before + Math.round((rates[name] ?? 0) * ((performance.now() - began) / 1000));
  };
  const line = /^(io_conduktor_connect_otel_OpenTelemetryConnector_(\w+)\{.*\}) (\S+)$/gm;
  const started = await listen(
    createServer((_request, response) => {
      const page = recorded.replace(
        line,
        (_all, series: string, name: string, value: string) => `${series} ${grown(name, Number(value))}.0`,
      );
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8').end(page);
    }),
  );
  return { ...started, url: `http://127.0.0.1:${started.port}/metrics` };
}

type Doctor = {
  status: string;
  target: { metricsUrl: string };
  diagnoses: { id: string; because: string | null; status: string; sentence: string }[];
  steps: { id: string; status: string; sentence: string }[];
};

describe('metrics by an exporter', { concurrency: 4 }, () => {
  const open: Double[] = [];
  let connect: ConnectDouble;
  before(async () => {
    const [grpc, http] = [await double('h2'), await double('otlp-http')];
    const config = { 'otlp.grpc.port': String(grpc.port), 'otlp.http.port': String(http.port) };
    connect = await connectDouble({ connectors: { 'otlp-source': { config } } });
    open.push(grpc, http, connect);
  });
  after(() => Promise.all(open.map((one) => one.close())));

  const doctor = async (metricsUrl: string, ...args: string[]) => {
    const ran = await otlpctl(['doctor', '--connect-url', connect.url.href, '--metrics-url', metricsUrl, '--format', 'json', ...args]);
    assert.equal(ran.stderr, '');
    return { code: ran.code, report: JSON.parse(ran.stdout) as Doctor };
  };
  const stepOf = ({ steps }: Doctor, id: string) => steps.find((step) => step.id === id);

  test('a healthy one: rates of its own, beans of Kafka and of the JVM, dead gauges not read', async () => {
    const page = await exporter({ received: 100 });
    open.push(page);
    const { code, report } = await doctor(page.url, '--window', '2');
    assert.deepEqual([code, report.status, report.target.metricsUrl], [0, 'ok', page.url]);
    assert.match(
      stepOf(report, 'metrics-source')?.sentence ?? '',
      new RegExp(
        `^a Prometheus exporter at ${page.url}: 16 attributes, 3 readings over 2(\\.\\d)? s; 5 gauges always read 0 and are not used\\.$`,
      ),
    );
    const rate = Number(/(\d+)(?:\.\d+)?\/s/.exec(stepOf(report, 'message-intake')?.sentence ?? '')?.[1]);
    assert.ok(rate >= 80 && rate <= 120, stepOf(report, 'message-intake')?.sentence);
    assert.equal(stepOf(report, 'producer-state')?.status, 'ok');
    assert.match(stepOf(report, 'worker-memory')?.sentence ?? '', /23 of 20,?000 file descriptors/);
  });

  test('one that drops: the overflow is found and counted', async () => {
    const page = await exporter({ received: 200, dropped: 300 });
    open.push(page);
    const { code, report } = await doctor(page.url, '--window', '2');
    assert.deepEqual([code, report.status], [2, 'critical']);
    const root = report.diagnoses.find(({ because, status }) => because === null && status === 'critical');
    assert.equal(root?.id, 'queue-overflow');
    assert.match(root?.sentence ?? '', /offered messages \((59|60|61)(\.\d)? %\) were dropped over 2(\.\d)? s/);
  });

  test('a page without the connector, a page that is old: unknown, and said', async () => {
    const other = await listen(
      createServer((_request, response) => void response.end('kafka_connect_connect_worker_metrics_task_count 1\n')),
    );
    const old = await listen(
      createServer(
        (_request, response) => void response.end(`otlp_TotalMessagesReceived{connector_name="otlp-source"} 4 ${Date.now() - 900_000}\n`),
      ),
    );
    open.push(other, old);
    const urlOf = ({ port }: Double): string => `http://127.0.0.1:${port}/metrics`;
    const absent = await doctor(urlOf(other), '--window', '0');
    assert.deepEqual([absent.code, absent.report.status, absent.report.diagnoses[0]?.id], [3, 'unknown', 'metrics-absent']);
    const stale = await doctor(urlOf(old), '--window', '0');
    assert.deepEqual([stale.code, stale.report.status, stale.report.diagnoses[0]?.id], [3, 'unknown', 'metrics-stale']);
    assert.match(
      stale.report.diagnoses[0]?.sentence ?? '',
      /are old: its values are those of \S+Z, (899|900|901)\.\d s before its own clock\./,
    );
  });

  test('health and metrics read it too', async () => {
    const page = await exporter({ received: 0 });
    open.push(page);
    const args = ['--connect-url', connect.url.href, '--metrics-url', page.url];
    const health = await otlpctl(['health', ...args]);
    assert.equal(health.code, 0);
    assert.match(health.stdout, /^OTLP OK - connector RUNNING, .* 5 queued \| 'received'=275c/);
    const metrics = await otlpctl(['metrics', ...args, '--window', '0']);
    assert.equal(metrics.code, 0);
    assert.match(metrics.stdout, /TracesReceived +275/);
  });
});

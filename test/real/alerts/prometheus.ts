import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { until } from '../../doubles/until.ts';
import { freePorts } from '../stand/ports.ts';

/** A Prometheus in a world sixty times as fast: a scrape of 15 s is one of 250 ms. */
export type Prometheus = {
  url: string;
  /** names of alerts that fire now */
  firing(): Promise<string[]>;
  /** of the first series that a query finds; undefined: it finds none */
  value(query: string): Promise<number | undefined>;
  stop(): Promise<void>;
};

/** `scrapeMs`: how often, and how long a page may take. Rules are evaluated four times a second. */
export async function startPrometheus(target: string, rules: string, scrapeMs = 250): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-prometheus-'));
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(join(folder, 'rules.yml'), rules);
  writeFileSync(
    join(folder, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: `${scrapeMs}ms`, scrape_timeout: `${scrapeMs}ms`, evaluation_interval: '250ms' },
      rule_files: ['rules.yml'],
      scrape_configs: [{ job_name: 'otlp', static_configs: [{ targets: [target] }] }],
    }),
  );
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  const ask = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  await until(
    'Prometheus to be ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended: ${said}`);
      return (await fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ))
        ? true
        : undefined;
    },
    30_000,
  );
  return {
    url,
    async firing() {
      const { data } = (await ask('/api/v1/alerts')) as { data: { alerts: { labels: { alertname: string }; state: string }[] } };
      return data.alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels }) => labels.alertname)
        .sort();
    },
    async value(query) {
      const { data } = (await ask(`/api/v1/query?${new URLSearchParams({ query })}`)) as {
        data: { result: { value: [number, string] }[] };
      };
      const [first] = data.result;
      return first && Number(first.value[1]);
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

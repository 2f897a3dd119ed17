import { Gauge, Registry, type Metric, type RegistryContentType } from 'prom-client';
import { SIGNALS } from '../../proto/vocabulary/signals.ts';
import { ATTRIBUTES, BRIDGE_ATTRIBUTES, type Attribute } from '../../proto/vocabulary/attributes.ts';
import { attributesOf, type LookAt } from './source.ts';

/** Names as the runbook's alerts have them ("Recommended Alerts"): prefix, attribute, label connector_name. */
const PREFIX = 'otlp_';

export type PageFormat = 'text' | 'openmetrics';

type Page = Registry<RegistryContentType>;
const TYPE: Readonly<Record<PageFormat, RegistryContentType>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Derived values that only grow, too. */
const isCounter = ({ name, kind }: Attribute): boolean => kind === 'counter' || /^TotalMessages/.test(name);

/** What the vocabulary says after a semicolon is about the connector. */
const helpOf = ({ name, meaning }: Attribute): string =>
  name === 'DropRate' ? 'dropped / (accepted + dropped) x 100' : meaning.split(';')[0]!;

type Series = { labels: Record<string, string>; value: number };
type Family = { name: string; help: string; type: 'counter' | 'gauge'; series: readonly Series[] };

const attributeFamily = (attribute: Attribute, looks: readonly LookAt[]): Family => ({
  name: `${PREFIX}${attribute.name}`,
  help: helpOf(attribute),
  type: isCounter(attribute) ? 'counter' : 'gauge',
  series: looks.map((look) => ({ labels: { connector_name: look.name }, value: attributesOf(look)[attribute.name]! })),
});

const taskFamilies = (looks: readonly LookAt[]): Family[] => [
  {
    name: `${PREFIX}refused_total`,
    help: 'Export requests whose sender was told no; what the gRPC library turns away by itself (a message beyond the limit) is not in it',
    type: 'counter',
    series: looks.flatMap(({ name, meter }) =>
      meter
        .refused()
        .map(({ signal, transport, reason, count }) => ({ labels: { connector_name: name, signal, transport, reason }, value: count })),
    ),
  },
  {
    name: `${PREFIX}task_start_time_seconds`,
    help: 'When the task started, and with it every count of its connector, in seconds since the epoch',
    type: 'gauge',
    series: looks.map(({ name, startedAt }) => ({ labels: { connector_name: name }, value: startedAt / 1000 })),
  },
];

/** How long a callback waits for its turn, now: nothing is measured while nobody asks. */
async function eventLoopLagSeconds(): Promise<number> {
  const began = performance.now();
  await new Promise((turn) => setImmediate(turn));
  return (performance.now() - began) / 1000;
}

function processFamilies(lag: number): Family[] {
  const { user, system } = process.cpuUsage();
  const one = (value: number) => [{ labels: {}, value }];
  return [
    { name: 'process_resident_memory_bytes', help: 'Resident memory', type: 'gauge', series: one(process.memoryUsage.rss()) },
    { name: 'process_cpu_seconds_total', help: 'User and system CPU time', type: 'counter', series: one((user + system) / 1e6) },
    {
      name: 'process_start_time_seconds',
      help: 'When the process started, in seconds since the epoch',
      type: 'gauge',
      series: one(Math.round(Date.now() - process.uptime() * 1000) / 1000),
    },
    { name: 'nodejs_eventloop_lag_seconds', help: 'How long a callback waited for its turn at this look', type: 'gauge', series: one(lag) },
  ];
}

/**
 * In OpenMetrics a counter must end in _total. Prometheus asks for OpenMetrics first, and the alerts go by the runbook's names: these keep them and say
 * `unknown`, as jmx_exporter's do.
 */
const typeIn = (format: PageFormat, { name, type }: Family): string =>
  format === 'openmetrics' && type === 'counter' && !name.endsWith('_total') ? 'unknown' : type;

function register(registry: Page, format: PageFormat, family: Family): void {
  const { name, help, series } = family;
  const gauge = new Gauge({ name, help, labelNames: Object.keys(series[0]?.labels ?? {}), registers: [registry] });
  gauge.reset();
  for (const { labels, value } of series) gauge.set(labels, value);
  Object.assign(gauge, { type: typeIn(format, family) });
}

const HISTOGRAMS = [
  { key: 'acceptSeconds', name: `${PREFIX}accept_seconds`, help: 'From an Export request received in full to its answer' },
  { key: 'deliverySeconds', name: `${PREFIX}delivery_seconds`, help: 'From an Export request queued to the sink having it' },
] as const;

/** Counted by ourselves, so the registry gets a metric that only answers: it asks nothing else of one. */
function registerHistogram(registry: Page, { key, name, help }: (typeof HISTOGRAMS)[number], looks: readonly LookAt[]): void {
  const values = looks.flatMap((look) =>
    SIGNALS.flatMap((signal) => {
      const one = look.meter[key][signal];
      const labels = { connector_name: look.name, signal };
      return [
        ...one.read().map(({ le, count }) => ({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: count })),
        { metricName: `${name}_sum`, labels, value: one.sum() },
        { metricName: `${name}_count`, labels, value: one.count() },
      ];
    }),
  );
  const get = () => Promise.resolve({ name, help, type: 'histogram', values });
  registry.registerMetric({ name, get } as unknown as Metric);
}

/** The page of this moment: made whole from one look at each connector, so that its numbers fit each other and nothing of a connector that is gone stays. */
export async function prometheusPage(looks: readonly LookAt[], format: PageFormat): Promise<{ text: string; type: string }> {
  const lag = await eventLoopLagSeconds();
  const registry: Page = new Registry();
  registry.setContentType(TYPE[format]);
  const attributes = [...ATTRIBUTES, ...BRIDGE_ATTRIBUTES].map((attribute) => attributeFamily(attribute, looks));
  for (const family of [...attributes, ...taskFamilies(looks)]) if (family.series.length > 0) register(registry, format, family);
  if (looks.length > 0) for (const histogram of HISTOGRAMS) registerHistogram(registry, histogram, looks);
  for (const family of processFamilies(lag)) register(registry, format, family);
  return { text: await registry.metrics(), type: TYPE[format] };
}

/** OpenMetrics to whoever would rather have it; text to everybody else. Of two that are asked for alike, the first named. */
export function formatFor(accept: string): PageFormat {
  const wanted = accept.split(',').flatMap((part): { format: PageFormat; quality: number }[] => {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    const quality = Number(parameters.find((word) => word.startsWith('q='))?.slice(2) ?? 1);
    if (type === 'application/openmetrics-text') return [{ format: 'openmetrics', quality }];
    return /^(text|\*)\/(plain|\*)$/.test(type) ? [{ format: 'text', quality }] : [];
  });
  return wanted.sort((a, b) => b.quality - a.quality)[0]?.format ?? 'text';
}

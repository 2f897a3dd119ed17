import { Flags } from '@oclif/core';
import type { Form } from '../checks/alerts/alert.ts';
import { formOf, type Said } from '../checks/alerts/alerts-of.ts';
import { NAMINGS, namesOf, type Naming } from '../checks/alerts/series-names.ts';
import { LIMITS } from '../checks/alerts/table.ts';
import { isFailed, isSeen, seen, type Facts, type SeriesNames } from '../checks/facts/index.ts';
import { probesFor } from '../checks/gather.ts';
import { PROBES } from '../checks/probes/all.ts';
import { prometheusSeriesProbe } from '../checks/probes/prometheus-series.ts';
import { badInput, couldNotLook } from './bad-input.ts';
import { factsOf, type World } from './facts-of.ts';
import { CONNECT_OPTIONS } from './options.ts';
import type { ReadOptions } from './read-options.ts';

/** What a file for Prometheus or Grafana is made of: whose series, what they are called, and what kind of target it is. */
export type SeriesLook = { connector: string; names: SeriesNames; form: Form };

export const SERIES_OPTIONS = [...CONNECT_OPTIONS, 'worker-host', 'metrics-url', 'jmx-url', 'expect', 'timeout'] as const;

const AUTO = 'auto';
export const NAMES_FLAG = {
  names: Flags.option({
    options: [AUTO, ...(Object.keys(NAMINGS) as Naming[])] as const,
    default: AUTO,
    summary: 'what the series are called, where nobody can look; auto reads the page that Prometheus scrapes',
  })(),
};

const HOW = 'give --metrics-url of the page that Prometheus scrapes, or say by --names what its series are called';

/** The names that this target really has; a form that is named is taken as it is, and Connect is asked only for what is still missing. */
export async function lookForSeries(options: ReadOptions, naming: Naming | typeof AUTO, said: Said, world: World): Promise<SeriesLook> {
  const { connector } = options.values;
  if (naming !== AUTO && connector !== undefined && (said.queueSize !== undefined || naming === 'bridge'))
    return named(naming, connector, said, options.values.expect?.includes('traffic') ?? false);
  const wanted = naming === AUTO ? (['target', 'metrics', 'prometheus.series'] as const) : (['target'] as const);
  const probes = probesFor([...wanted], [...PROBES, prometheusSeriesProbe]);
  const [facts] = await factsOf(options, { ...world, windowSeconds: 0, probes }, 'refuse');
  const name = seen(facts, 'target')?.connector ?? connectorOf(facts);
  if (naming === AUTO) return { names: onPage(facts), connector: given(name), form: formOf(facts, said) };
  const form = formOf(facts, said);
  return { names: namesOf(naming, given(name)), connector: given(name), form: { ...form, kind: NAMINGS[naming].kind } };
}

function named(naming: Naming, connector: string, { limits, queueSize }: Said, expectTraffic: boolean): SeriesLook {
  const form: Form = { kind: NAMINGS[naming].kind, queueSize: queueSize ?? null, expectTraffic, limits: { ...LIMITS, ...limits } };
  return { names: namesOf(naming, connector), connector, form };
}

/** Without Connect the page itself may have one connector only. */
const connectorOf = (facts: Facts): string | null => {
  const connectors = seen(facts, 'metrics')?.connectors ?? [];
  return connectors.length === 1 ? connectors[0]! : null;
};

function given(connector: string | null): string {
  if (connector === null) throw badInput('no connector is known: name it with --connector, or give --connect-url');
  return connector;
}

function onPage(facts: Facts): SeriesNames {
  const fact = facts['prometheus.series'];
  if (isSeen(fact)) return fact.value;
  const why = isFailed(fact) ? `${fact.source}: ${fact.detail}` : fact.reason;
  throw couldNotLook(`what the connector's series are called cannot be seen: ${why}`, HOW);
}

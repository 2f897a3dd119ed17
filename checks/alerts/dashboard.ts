import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { HELD_BYTES } from '../../proto/vocabulary/attributes.ts';
import type { SeriesNames } from '../facts/index.ts';
import { isBridge, type Form } from './alert.ts';
import { above, attributesOf, number, rate, value, type Term } from './expression.ts';
import { promqlOf } from './promql.ts';
import { fillPercent, lossPercent, lostCounters, receivedCounter, room, waiting } from './quantities.ts';
import { seriesOf } from './series-names.ts';

/** A panel as a person thinks of it; panel() makes Grafana's of it. */
type Graph = {
  title: string;
  description: string;
  unit: string;
  lines: readonly [legend: string, term: Term][];
  limit?: number;
  stat?: true;
};

/** Values over a range go by the width of the picture; Grafana makes it at least four scrapes. Source: Grafana, "$__rate_interval". */
const RANGE = '$__rate_interval';

function graphsOf(form: Form): Graph[] {
  const { limits } = form;
  const fill = fillPercent(form);
  const hold = room(form);
  return [
    {
      title: 'Loss',
      description: 'Lost of what senders offered.',
      unit: 'percent',
      lines: [['loss', lossPercent(form, null)]],
      limit: limits.lossPercent,
      stat: true,
    },
    { title: 'Waiting', description: 'Messages in the queues.', unit: 'short', lines: [['waiting', waiting(form)]], stat: true },
    ...(fill === null
      ? []
      : [
          {
            title: 'Fullest queue',
            description: 'Fill of the fullest queue, at least.',
            unit: 'percent',
            lines: [['fill', fill] as [string, Term]],
            limit: limits.queuePercent,
            stat: true as const,
          },
        ]),
    {
      title: 'Received a second',
      description: 'Export requests accepted, by signal.',
      unit: 'cps',
      lines: SIGNALS.map((signal) => [signal, rate(SIGNAL[signal].received)]),
    },
    {
      title: 'In and out a second',
      description: 'Accepted, and handed on. On the connector one busy signal leaves at about 480/s.',
      unit: 'cps',
      lines: [
        ['in', rate(receivedCounter(null))],
        ['out', rate('RecordsProduced')],
      ],
      ...(isBridge(form) ? {} : { limit: limits.ceilingPerSecond }),
    },
    {
      title: 'Lost a second',
      description: 'Dropped, which no sender was told; and on the bridge refused, which they were.',
      unit: 'cps',
      lines: SIGNALS.flatMap((signal) => lostCounters(form, signal).map((name): [string, Term] => [name, rate(name)])),
    },
    {
      title: 'Loss, by signal',
      description: 'Lost of what senders offered of each signal; nothing where none was.',
      unit: 'percent',
      lines: SIGNALS.map((signal) => [signal, lossPercent(form, signal)]),
      limit: limits.lossPercent,
    },
    {
      title: 'Waiting in the queues',
      description: 'On the connector received - produced, for its own gauges read 0 always.',
      unit: 'short',
      lines: [
        ...(isBridge(form)
          ? SIGNALS.map((signal): [string, Term] => [signal, value(SIGNAL[signal].queueSize)])
          : [['all', waiting(form)] as [string, Term]]),
        ...(hold === null ? [] : [['room of the queues in use', hold] as [string, Term]]),
      ],
    },
    ...(isBridge(form)
      ? [
          {
            title: 'Bytes held',
            description: 'Of all requests that the bridge holds, and of how many it refuses more.',
            unit: 'bytes',
            lines: [
              ['held', value(HELD_BYTES.held)],
              ['limit', value(HELD_BYTES.limit)],
            ] as [string, Term][],
          },
        ]
      : []),
  ];
}

/** What the panels read and no series has: then there is no dashboard, for half of one shows nothing where something is wrong. */
export function missingFor(form: Form, names: SeriesNames): string[] {
  const read = graphsOf(form).flatMap(({ lines }) => lines.flatMap(([, term]) => attributesOf(above(term, number(0)))));
  return [...new Set(read)].filter((attribute) => !(attribute in names.series)).sort();
}

const SOURCE = { type: 'prometheus', uid: '${datasource}' } as const;
const WIDTH = 24;

/** The first row has figures side by side, the others two graphs each. */
function place(index: number, graph: Graph, figures: number): { x: number; y: number; w: number; h: number } {
  if (graph.stat === true) return { x: (WIDTH / figures) * index, y: 0, w: WIDTH / figures, h: 4 };
  const at = index - figures;
  return { x: (at % 2) * (WIDTH / 2), y: 4 + Math.floor(at / 2) * 8, w: WIDTH / 2, h: 8 };
}

/** Limits are lines in a graph and colours in a figure. */
const thresholds = ({ limit }: Graph) => ({
  mode: 'absolute',
  steps: [{ color: 'green', value: null }, ...(limit === undefined ? [] : [{ color: 'red', value: limit }])],
});

const OPTIONS = {
  stat: {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'value',
    graphMode: 'area',
    justifyMode: 'auto',
    orientation: 'auto',
    textMode: 'auto',
  },
  timeseries: {
    legend: { calcs: ['lastNotNull'], displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'none' },
  },
} as const;

/** A dashboard as Grafana imports it. Source: Grafana, "Dashboard JSON model", schema 39. */
export function dashboard(connector: string, form: Form, names: SeriesNames): object {
  const { term } = promqlOf(seriesOf(names), RANGE);
  const graphs = graphsOf(form);
  const figures = graphs.filter(({ stat }) => stat === true).length;
  return {
    title: `OTLP ${form.kind} ${connector}`,
    tags: ['otlp', form.kind],
    timezone: 'browser',
    editable: true,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [
        {
          name: 'datasource',
          label: 'Prometheus',
          type: 'datasource',
          query: 'prometheus',
          refresh: 1,
          hide: 0,
          includeAll: false,
          multi: false,
          options: [],
        },
      ],
    },
    panels: graphs.map((graph, index) => {
      const type = graph.stat === true ? 'stat' : 'timeseries';
      return {
        id: index + 1,
        type,
        title: graph.title,
        description: graph.description,
        datasource: SOURCE,
        gridPos: place(index, graph, figures),
        fieldConfig: {
          defaults: {
            unit: graph.unit,
            min: 0,
            thresholds: thresholds(graph),
            ...(type === 'timeseries'
              ? { custom: { fillOpacity: 10, lineWidth: 1, thresholdsStyle: { mode: graph.limit === undefined ? 'off' : 'line' } } }
              : {}),
          },
          overrides: [],
        },
        options: OPTIONS[type],
        targets: graph.lines.map(([legend, one], line) => ({
          refId: String.fromCharCode(65 + line),
          datasource: SOURCE,
          expr: term(one),
          legendFormat: legend,
        })),
      };
    }),
  };
}

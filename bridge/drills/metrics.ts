import { ATTRIBUTES, BRIDGE_ATTRIBUTES } from '../../proto/vocabulary/attributes.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { Answer } from '../door.ts';
import type { MetricsDocument } from '../metrics/document.ts';
import { drillFault, word, type Begin, type Drill } from './drill.ts';

const FORM = 'metrics:set NAME=VALUE[,NAME=+RATE/s]';

type Change = { name: string; value: number; perSecond: boolean };
type Values = Record<string, number>;

const GROUPS = ['counters', 'gauges', 'derived'] as const;
const sumOf = (kind: 'received' | 'dropped' | 'refused', values: Values): number =>
  SIGNALS.reduce((sum, signal) => sum + (values[SIGNAL[signal][kind]] ?? 0), 0);

/** What follows from the counters follows from changed ones too. */
function derived(counters: Values): Values {
  const [received, dropped] = [sumOf('received', counters), sumOf('dropped', counters)];
  return {
    TotalMessagesReceived: received,
    TotalMessagesDropped: dropped,
    TotalMessagesRefused: sumOf('refused', counters),
    TotalLagCount: received - (counters['RecordsProduced'] ?? 0),
    DropRate: received + dropped === 0 ? 0 : (dropped / (received + dropped)) * 100,
  };
}

function changed(document: MetricsDocument, changes: readonly Change[], seconds: number): MetricsDocument {
  const over = (values: Values): Values => {
    const meant = changes.filter(({ name }) => name in values);
    return {
      ...values,
      ...Object.fromEntries(
        meant.map(({ name, value, perSecond }) => [name, perSecond ? values[name]! + Math.round(value * seconds) : value]),
      ),
    };
  };
  const counters = over(document.counters);
  return { ...document, counters, gauges: over(document.gauges), derived: over({ ...document.derived, ...derived(counters) }) };
}

const isDocument = (answer: Answer): answer is Answer & { body: MetricsDocument } =>
  answer.status === 200 && GROUPS.every((group) => group in ((answer.body as object | undefined) ?? {}));

const onDocument = (change: (document: MetricsDocument) => MetricsDocument) => (answer: Answer) =>
  isDocument(answer) ? { ...answer, body: change(answer.body) } : answer;

/** Names that the document has; a name of none would change nothing without a word. */
const NAMES: readonly string[] = [...ATTRIBUTES, ...BRIDGE_ATTRIBUTES].map(({ name }) => name);

function changeOf(text: string): Change {
  const [, name = '', value = '', rate] = /^(\w+)=(?:(\d{1,12}(?:\.\d{1,6})?)|\+(\d{1,9}(?:\.\d{1,6})?)\/s)$/.exec(text.trim()) ?? [];
  if (!NAMES.includes(name)) throw drillFault(`${text.trim()} cannot be set: write ${FORM}, NAME one of ${NAMES.join(', ')}`);
  return { name, value: Number(rate ?? value), perSecond: rate !== undefined };
}

const set =
  (changes: readonly Change[]): Begin =>
  ({ metrics }) => {
    const began = Date.now();
    return metrics.set(onDocument((document) => changed(document, changes, (Date.now() - began) / 1000)));
  };

/** The first document of each connector from now on is the last one. */
const stale: Begin = ({ metrics }) => {
  const kept = new Map<string, MetricsDocument>();
  return metrics.set(
    onDocument((document) => {
      const first = kept.get(document.connector) ?? document;
      kept.set(document.connector, first);
      return first;
    }),
  );
};

export const METRICS: readonly Drill[] = [
  {
    ...word('metrics:refuse', 'nobody listens on the metrics port (needs an end: forSeconds)', ({ shut }) => shut('metrics')),
    locksOut: true,
  },
  word('metrics:empty', 'the metrics answer and have no values in them', ({ metrics }) =>
    metrics.set(onDocument((document) => ({ ...document, counters: {}, gauges: {}, derived: {} }))),
  ),
  word('metrics:stale', 'the values stand still from the first look on', stale),
  {
    form: FORM,
    meaning: 'these values are shown, or rise by so many a second on top of what is true',
    read: (argument) => (argument.startsWith('set ') ? set(argument.slice(4).split(',').map(changeOf)) : null),
  },
];

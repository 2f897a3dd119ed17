import { METRICS_PATH } from '../../proto/vocabulary/connect.ts';
import type { Answer, Asked, Handler } from '../door.ts';
import { isJolokiaPath, jolokiaPage } from './jolokia/page.ts';
import type { Connector } from '../connect/connector.ts';
import type { Events } from './events.ts';
import type { History } from './history.ts';
import { lookAt, looks, type Source } from './source.ts';
import { POLICY, shownOf, statusPage } from './status/page.ts';

/** What the pages show. */
export type Facts = { source: Source<Connector>; history: History; events: Events; now: () => number };

/** What is drilled now, for whoever looks at the figures. */
export type Drills = () => 'off' | readonly string[];

const FRESH = { 'cache-control': 'no-store' } as const;

const error = (status: number, message: string, connectors: readonly string[]): Answer => ({
  status,
  body: { error: message, connectors },
});

/** The connector that a look is about: the one named, else the only one. */
function metricsJson({ source }: Facts, asked: Asked, drills: Drills): Answer {
  const names = source.all().map(({ name }) => name);
  const wanted = asked.query.get('connector');
  if (wanted === null && names.length > 1) return error(400, 'several connectors run here: name one with ?connector=NAME', names);
  const measured = wanted === null ? source.all()[0] : source.find(wanted);
  if (!measured) return error(404, wanted === null ? 'no connector exists here' : `there is no connector ${wanted}`, names);
  const look = lookAt(measured);
  if (!look) return error(404, `${measured.name} has no running task, and its metrics live with the task`, names);
  return { status: 200, body: { ...look.document, senders: look.meter.senders(), drills: drills() }, headers: FRESH };
}

/** Its library is loaded by the first scrape: a start does not wait for it. */
async function prometheus({ source }: Facts, asked: Asked): Promise<Answer> {
  const { formatFor, prometheusPage } = await import('./prometheus.ts');
  const { text, type } = await prometheusPage(looks(source), formatFor(asked.accept));
  return { status: 200, text, headers: { ...FRESH, 'content-type': type } };
}

/** Whether the process lives, also while it stops: whoever kills on a no would kill a stop that hands on what is queued. */
const health = ({ source }: Facts): Answer =>
  source.isReady() ? { status: 200, body: { status: 'healthy' } } : { status: 503, body: { status: 'starting' } };

const ready = ({ source }: Facts): Answer => {
  const word = source.readiness();
  return { status: word === 'ready' ? 200 : 503, body: { status: word }, headers: FRESH };
};

function status({ source, history, events, now }: Facts): Answer {
  const connectors = source.all().map((connector) => shownOf(connector, history));
  const headers = {
    ...FRESH,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  return { status: 200, text: statusPage({ connectors, events: events.last(), at: now() }), headers };
}

type Page = { methods: readonly string[]; answer: (facts: Facts, asked: Asked, drills: Drills) => Answer | Promise<Answer> };
const READ = ['GET', 'HEAD'] as const;
const PAGES: ReadonlyMap<string, Page> = new Map<string, Page>([
  ['/', { methods: READ, answer: status }],
  [METRICS_PATH.json, { methods: READ, answer: metricsJson }],
  [METRICS_PATH.prometheus, { methods: READ, answer: prometheus }],
  [METRICS_PATH.jolokia, { methods: [...READ, 'POST'], answer: ({ source, now }, asked) => jolokiaPage(source, asked, now) }],
  ['/health', { methods: READ, answer: health }],
  ['/ready', { methods: READ, answer: ready }],
]);

const pageAt = (path: string) => PAGES.get(isJolokiaPath(path) ? METRICS_PATH.jolokia : path);

/** Answers the metrics port: a page a path, read-only. */
export function metricsHandler(facts: Facts, drills: Drills): Handler {
  return (asked) => {
    if (asked.path === METRICS_PATH.drills) return error(404, 'drills are off here: start the bridge with bridge.drills=on', []);
    const page = pageAt(asked.path);
    if (!page) return error(404, `nothing is here: ask for ${[...PAGES.keys()].join(', ')}`, []);
    if (!page.methods.includes(asked.method))
      return { ...error(405, 'metrics are only read', []), headers: { allow: page.methods.join(', ') } };
    return page.answer(facts, asked, drills);
  };
}

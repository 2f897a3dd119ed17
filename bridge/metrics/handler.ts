import { METRICS_PATH } from '../../proto/vocabulary/connect.ts';
import type { Task } from '../connect/task-types.ts';
import type { Answer, Asked, Handler } from '../door.ts';
import { metricsDocument } from './document.ts';

/** What the metrics need of the worker. */
export type Measured = { name: string; task: Task | null };
/** What is drilled now, for whoever looks at the figures. */
export type Drills = () => 'off' | readonly string[];
export type Source = { all(): readonly Measured[]; find(name: string): Measured | undefined; isReady(): boolean };

const error = (status: number, message: string, connectors: readonly string[]): Answer => ({
  status,
  body: { error: message, connectors },
});

/** The connector that a look is about: the one named, else the only one. */
function metricsJson(source: Source, asked: Asked, drills: Drills): Answer {
  const names = source.all().map(({ name }) => name);
  const wanted = asked.query.get('connector');
  if (wanted === null && names.length > 1) return error(400, 'several connectors run here: name one with ?connector=NAME', names);
  const measured = wanted === null ? source.all()[0] : source.find(wanted);
  if (!measured) return error(404, wanted === null ? 'no connector exists here' : `there is no connector ${wanted}`, names);
  const snapshot = measured.task?.snapshot();
  if (!measured.task || !snapshot) return error(404, `${measured.name} has no running task, and its metrics live with the task`, names);
  const body = { ...metricsDocument(measured.name, snapshot, measured.task.startedAt), drills: drills() };
  return { status: 200, body, headers: { 'cache-control': 'no-store' } };
}

type Page = (source: Source, asked: Asked, drills: Drills) => Answer;
const PAGES: ReadonlyMap<string, Page> = new Map<string, Page>([
  [METRICS_PATH.json, metricsJson],
  [
    '/health',
    (source) => (source.isReady() ? { status: 200, body: { status: 'healthy' } } : { status: 503, body: { status: 'starting' } }),
  ],
]);

/** Answers the metrics port: a page a path, read-only. */
export function metricsHandler(source: Source, drills: Drills): Handler {
  return (asked) => {
    if (asked.path === METRICS_PATH.drills) return error(404, 'drills are off here: start the bridge with bridge.drills=on', []);
    const page = PAGES.get(asked.path);
    if (!page) return error(404, `nothing is here: ask for ${[...PAGES.keys()].join(' or ')}`, []);
    if (asked.method !== 'GET' && asked.method !== 'HEAD')
      return { ...error(405, 'metrics are only read', []), headers: { allow: 'GET, HEAD' } };
    return page(source, asked, drills);
  };
}

import type { Answer, Asked } from '../door.ts';
import { STATUS_CODES } from '../node-http.ts';
import { pattern, word, type Controls, type Drill } from './drill.ts';

const error = (status: number, message: string): Answer => ({ status, body: { error_code: status, message } });

function answering(code: number): Answer {
  const answer = error(code, `HTTP ${code} ${STATUS_CODES[code]}`);
  return code === 401 ? { ...answer, headers: { 'www-authenticate': 'Basic realm="drill"' } } : answer;
}

/** A worker that reads its internal topics: it knows no connector, and its herder takes no calls. Source: recorded starts of Kafka Connect 3.9. */
function starting(asked: Asked): Answer | null {
  const [first, name, part] = asked.path.split('/').slice(1).map(decodeURIComponent);
  if (first === 'health') return { status: 503, body: { status: 'starting', message: 'Worker is still starting up.' } };
  if (first !== 'connectors') return null;
  if (asked.method !== 'GET') return error(500, 'Request timed out. The worker is currently reading to the end of the config topic');
  if (name === undefined || name === '') return { status: 200, body: asked.query.has('expand') ? {} : [] };
  return error(404, part === 'status' ? `No status found for connector ${name}` : `Connector ${name} not found`);
}

async function beginStarting({ rest, noTask }: Controls) {
  const answersAgain = rest.set((asked, next) => starting(asked) ?? next(asked));
  const runsAgain = await noTask();
  return async () => {
    await runsAgain();
    await answersAgain();
  };
}

/** Kafka Connect, DistributedHerder: what needs the leader or the herder's thread, which no read of this REST does. */
const REBALANCE = 'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.';

function rebalancing({ rest }: Controls, times: number) {
  let left = times;
  return rest.set((asked, next) => (['GET', 'HEAD'].includes(asked.method) || left-- <= 0 ? next(asked) : error(409, REBALANCE)));
}

export const REST: readonly Drill[] = [
  pattern('rest:CODE', 'REST answers every request with this error (400 to 599)', /^([45]\d\d)$/, (code) =>
    STATUS_CODES[code] === undefined ? null : ({ rest }) => rest.set(() => answering(Number(code))),
  ),
  word('rest:hang', 'REST takes requests and answers none before the drill ends', ({ rest }) => {
    const ended = Promise.withResolvers<void>();
    const undo = rest.set((asked, next) => ended.promise.then(() => next(asked)));
    return async () => {
      await undo();
      ended.resolve();
    };
  }),
  word('rest:refuse', 'nobody listens on the REST port', ({ shut }) => shut('rest')),
  word('rest:starting', 'the worker still reads its internal topics: it knows no connector and runs no task', beginStarting),
  pattern(
    'rest:409xN',
    'the next N requests that change something meet a rebalance',
    /^409x([1-9]\d{0,5})$/,
    (times) => (controls) => rebalancing(controls, Number(times)),
  ),
];

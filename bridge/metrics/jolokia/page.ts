import { METRICS_PATH } from '../../../proto/vocabulary/connect.ts';
import type { Answer, Asked } from '../../door.ts';
import { looks, type Source } from '../source.ts';
import { answerOf } from './answer.ts';
import { beanOf } from './beans.ts';
import { readObject, readPath, type JolokiaRequest, type Malformed } from './request.ts';

const ROOT = METRICS_PATH.jolokia.replace(/\/$/, '');

export const isJolokiaPath = (path: string): boolean => path === ROOT || path.startsWith(METRICS_PATH.jolokia);

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' } as const;

const badRequest = (text: string): Answer => ({
  status: 400,
  text: `400 (Bad Request)\n\n${text}\n`,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
});

/** A look asks half a dozen; a body of nothing but lists would be answered with a hundred times its size. */
const MOST_REQUESTS = 1000;

/** Jolokia has no error of HTTP for this either. */
const NOT_JSON = { error_type: 'java.lang.IllegalStateException', '.error': true, error: 'The body is not JSON, or cut', status: 500 };

function requestsIn({ method, path, query, body }: Asked): (JolokiaRequest | Malformed)[] | 'not JSON' {
  const options = Object.fromEntries(query);
  if (method !== 'POST') {
    try {
      return [readPath(decodeURIComponent(path.slice(ROOT.length)), options)];
    } catch {
      return [{ malformed: 'The path is not encoded as it should be' }];
    }
  }
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return 'not JSON';
  }
  return (Array.isArray(given) ? given : [given]).map((one: unknown) =>
    readObject(typeof one === 'object' && one !== null && !Array.isArray(one) ? { ...options, ...one } : one),
  );
}

/** Answers the reads of Jolokia about the connectors of this bridge: it has no other beans, and changes nothing. */
export function jolokiaPage(source: Source, asked: Asked, now: () => number): Answer {
  const requests = requestsIn(asked);
  if (requests === 'not JSON') return { status: 200, body: NOT_JSON, headers: HEADERS };
  if (requests.length > MOST_REQUESTS) return badRequest(`At most ${MOST_REQUESTS} requests are answered at once`);
  const wrong = requests.find((request) => 'malformed' in request);
  if (wrong) return badRequest(wrong.malformed);
  const beans = looks(source).map(beanOf);
  const answers = requests.map((request) => answerOf(request as JolokiaRequest, beans, now()));
  const isBulk = asked.method === 'POST' && asked.body.trimStart().startsWith('[');
  return { status: 200, body: isBulk ? answers : answers[0], headers: HEADERS };
}

import type { Answer, Asked, Handler } from '../door.ts';
import { isConnectError } from './errors.ts';
import type { Loggers } from './loggers.ts';
import { ROUTES, type Route } from './routes.ts';
import type { Worker } from './worker.ts';

const errorAnswer = (status: number, message: string): Answer => ({ status, body: { error_code: status, message } });

/** The path in pieces, decoded one by one: a name may hold a slash. Null for an encoding that is none. */
function pieces(path: string): string[] | null {
  try {
    return path.replace(/\/$/, '').split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** Ids of tasks are numbers; anything else in their place is another path. */
const fits = (wanted: string, piece: string): boolean =>
  wanted === ':t' ? /^-?\d+$/.test(piece) : wanted.startsWith(':') || wanted === piece;

/** The values of a route's named parts, or null where the path is another. */
function match(route: Route, parts: readonly string[]): string[] | null {
  const wanted = route.path === '/' ? [] : route.path.slice(1).split('/');
  if (wanted.length !== parts.length || !wanted.every((piece, index) => fits(piece, parts[index]!))) return null;
  return parts.filter((_, index) => wanted[index]!.startsWith(':'));
}

const isOtherThanJson = ({ contentType, body }: Asked): boolean => body !== '' && contentType !== 'application/json';

/** Whether JSON is among what is asked for. Source: RFC 9110 section 12.5.1. */
const takesJson = ({ accept }: Asked): boolean =>
  accept.trim() === '' ||
  accept.split(',').some((part) => {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    return ['*/*', 'application/*', 'application/json'].includes(type) && !parameters.some((one) => /^q=0(\.0*)?$/.test(one));
  });

function options(methods: readonly string[]): Answer {
  const all = ['HEAD', ...methods, 'OPTIONS'].filter((method) => method !== 'HEAD' || methods.includes('GET'));
  return { status: 200, text: all.join(', '), headers: { 'content-type': 'text/plain', allow: all.join(',') } };
}

/**
 * Answers Kafka Connect's REST from a table of routes: 404 for a path that is none, 405 with what would be allowed, 415 for a body that is not JSON, 406
 * for who takes no JSON.
 */
export function restHandler(worker: Worker, loggers: Loggers): Handler {
  return async (asked) => {
    const parts = pieces(asked.path);
    if (!parts) return errorAnswer(400, 'HTTP 400 Bad Request');
    const found = ROUTES.flatMap((route) => {
      const params = match(route, parts);
      return params ? [{ route, params }] : [];
    });
    if (found.length === 0) return errorAnswer(404, 'HTTP 404 Not Found');
    const methods = found.map(({ route }) => route.method);
    if (asked.method === 'OPTIONS') return options(methods);
    const method = asked.method === 'HEAD' ? 'GET' : asked.method;
    const chosen = found.find(({ route }) => route.method === method);
    if (!chosen) return { ...errorAnswer(405, 'HTTP 405 Method Not Allowed'), headers: { allow: methods.join(', ') } };
    if (isOtherThanJson(asked)) return errorAnswer(415, 'HTTP 415 Unsupported Media Type');
    if (!takesJson(asked)) return errorAnswer(406, 'HTTP 406 Not Acceptable');
    try {
      const [first = '', second = ''] = chosen.params;
      return await chosen.route.run({ worker, loggers, asked }, first, second);
    } catch (error) {
      return isConnectError(error)
        ? errorAnswer(error.status, error.message)
        : errorAnswer(500, error instanceof Error ? error.message : String(error));
    }
  };
}

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

/** The values of a route's named parts, or null where the path is another. */
function match(route: Route, parts: readonly string[]): string[] | null {
  const wanted = route.path === '/' ? [] : route.path.slice(1).split('/');
  if (wanted.length !== parts.length || !wanted.every((piece, index) => piece.startsWith(':') || piece === parts[index])) return null;
  return parts.filter((_, index) => wanted[index]!.startsWith(':'));
}

/** Which methods carry a body that must be JSON. */
const wantsJson = ({ method, contentType, body }: Asked) =>
  body !== '' && method !== 'GET' && method !== 'DELETE' && contentType !== 'application/json';

/** Answers Kafka Connect's REST from a table of routes: 404 for a path that is none, 405 with what would be allowed, 415 for a body that is not JSON. */
export function restHandler(worker: Worker, loggers: Loggers): Handler {
  return async (asked) => {
    const parts = pieces(asked.path);
    if (!parts) return errorAnswer(400, 'HTTP 400 Bad Request');
    const found = ROUTES.flatMap((route) => {
      const params = match(route, parts);
      return params ? [{ route, params }] : [];
    });
    if (found.length === 0) return errorAnswer(404, 'HTTP 404 Not Found');
    const method = asked.method === 'HEAD' ? 'GET' : asked.method;
    const chosen = found.find(({ route }) => route.method === method);
    if (!chosen)
      return { ...errorAnswer(405, 'HTTP 405 Method Not Allowed'), headers: { allow: found.map(({ route }) => route.method).join(', ') } };
    if (wantsJson(asked)) return errorAnswer(415, 'HTTP 415 Unsupported Media Type');
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

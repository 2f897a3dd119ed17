import type { Failed, Json } from '../facts/index.ts';
import { isObject } from '../facts/index.ts';
import { excerpt } from './excerpt.ts';
import type { FailedOutcome, Outcome, Reply } from './probe.ts';

/** Says what is wrong with a JSON value, or nothing when it has the expected shape. */
export type Shape = (json: Json) => string | undefined;

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/**
 * An HTTP answer as a JSON value: any status but 2xx (or those accepted) is `http`; a page, a cut or foreign document is `malformed`.
 * `T` is what the shape proves.
 */
export function readJson<T>(
  asked: { value: Reply } | FailedOutcome,
  shape: Shape,
  accept: (status: number) => boolean = isSuccess,
): Outcome<T> {
  if ('failure' in asked) return asked;
  const reply = asked.value;
  const parsed = parse(reply);
  const wrong = 'json' in parsed ? shape(parsed.json) : parsed.wrong;
  if (!accept(reply.status) || (!isSuccess(reply.status) && wrong !== undefined)) return httpFailure(reply, parsed);
  return wrong === undefined ? { value: (parsed as { json: Json }).json as T } : malformed(reply, wrong);
}

type Parsed = { json: Json } | { wrong: string };

function parse(reply: Reply): Parsed {
  const text = reply.text.trim();
  if (text === '') return { wrong: 'an empty answer instead of JSON' };
  if (text.startsWith('<')) return { wrong: 'a web page instead of JSON' };
  try {
    return { json: JSON.parse(text) as Json };
  } catch (error) {
    // V8's words for a document that ends too early.
    const cut = /unexpected end|unterminated/i.test((error as Error).message);
    return { wrong: cut ? `the JSON breaks off after ${Buffer.byteLength(reply.text)} bytes` : 'the answer is not JSON' };
  }
}

const ofReply = (reply: Reply): Pick<Failed, 'status' | 'contentType' | 'excerpt'> => ({
  status: reply.status,
  ...(reply.contentType === undefined ? {} : { contentType: reply.contentType }),
  excerpt: excerpt(reply.text),
});

/** What is not the document that was asked for. */
export const malformed = (reply: Reply, detail: string): FailedOutcome => ({ failure: 'malformed', detail, ...ofReply(reply) });

function httpFailure(reply: Reply, parsed: Parsed): FailedOutcome {
  const body = 'json' in parsed ? { body: parsed.json } : {};
  return { failure: 'http', detail: httpDetail(reply, 'json' in parsed ? parsed.json : null), ...ofReply(reply), ...body };
}

function httpDetail(reply: Reply, json: Json): string {
  const location = reply.headers['location'];
  if (reply.status >= 300 && reply.status < 400 && location !== undefined)
    return `HTTP ${reply.status}, redirected to ${withoutUserinfo(location)}`;
  const message = isObject(json) ? json['message'] : undefined;
  if (typeof message === 'string' && message !== '') return `HTTP ${reply.status}: ${excerpt(message)}`;
  return reply.contentType === undefined ? `HTTP ${reply.status}` : `HTTP ${reply.status}, ${reply.contentType}`;
}

const withoutUserinfo = (location: string): string => excerpt(location.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*@/i, '$1//'));

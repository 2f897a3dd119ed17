import { schema } from '../../../proto/schema.ts';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';
import type { SendProtocol } from './payload.ts';

/** What became of one request. `ok`: taken, as the answer says. `sent` false: it never left. */
export type Answer = {
  ok: boolean;
  /** `200`, `OK`, `503`, `UNAVAILABLE`, `refused` */
  code: string;
  /** one line of what was said */
  said: string;
  sent: boolean;
  /** peculiarities of what answers, by their keys in PECULIARITIES */
  peculiar: readonly Peculiarity[];
};

/** Source: connector-facts, "Receiving" and "Where the runbook's own commands mislead". */
export const PECULIARITIES = {
  'json-for-protobuf':
    'It answers protobuf with application/json and {}, whatever was sent: this connector does so, and SDKs call it out of specification.',
  'gzip-not-read':
    'It answers 400 to a gzip body: this connector does not decompress over HTTP. Clients have to send uncompressed, or over gRPC.',
  'not-a-status': 'Its errors are {"error":"…"} and not a google.rpc.Status: this connector words them so.',
} as const;
export type Peculiarity = keyof typeof PECULIARITIES;

type Partial = { rejected: number; message: string };

/** A success that says some of it was left out. Source: OTLP specification, "Partial Success". */
export function partialOf(signal: Signal, body: Uint8Array, isJson: boolean): Partial | undefined {
  let response: Record<string, unknown>;
  try {
    const type = schema().lookupType(SIGNAL[signal].response);
    response = isJson
      ? (JSON.parse(Buffer.from(body).toString('utf8') || '{}') as Record<string, unknown>)
      : type.toObject(type.decode(body), { longs: Number });
  } catch {
    return undefined;
  }
  const partial = (response['partialSuccess'] ?? {}) as Record<string, unknown>;
  const rejected = Number(Object.entries(partial).find(([name]) => name.startsWith('rejected'))?.[1] ?? 0);
  return rejected > 0 ? { rejected, message: String(partial['errorMessage'] ?? '') } : undefined;
}

const MOST_SAID = 200;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MOST_SAID);

export type HttpReply = { status: number; contentType: string; body: Buffer };

/** An HTTP answer, and what of it is the connector's own way. */
export function judgeHttp(
  { status, contentType, body }: HttpReply,
  { signal, protocol, gzip }: { signal: Signal; protocol: SendProtocol; gzip: boolean },
): Answer {
  const isJson = contentType.includes('json');
  const text = oneLine(isJson || contentType.startsWith('text/') ? body.toString('utf8') : statusText(body));
  const peculiar: Peculiarity[] = [];
  if (status === 200) {
    if (isJson && protocol === 'http/protobuf') peculiar.push('json-for-protobuf');
    const partial = partialOf(signal, body, isJson);
    const said = partial === undefined ? '' : `${partial.rejected} ${SIGNAL[signal].items} rejected: ${oneLine(partial.message)}`;
    return { ok: partial === undefined, code: '200', said, sent: true, peculiar };
  }
  const isConnectors = /^\{ ?"error" ?:/.test(text);
  if (gzip && status === 400 && isConnectors) peculiar.push('gzip-not-read');
  else if (isConnectors) peculiar.push('not-a-status');
  return { ok: false, code: String(status), said: text, sent: true, peculiar };
}

/** The message of a google.rpc.Status. */
function statusText(body: Buffer): string {
  try {
    const status = schema().lookupType('google.rpc.Status').decode(body) as unknown as { message?: string };
    return status.message ?? '';
  } catch {
    return '';
  }
}

/** Errors of a connection that never stood. */
const NEVER_SENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
  ECONNRESET: 'reset',
  UND_ERR_SOCKET: 'closed',
};

export function failed(error: NodeJS.ErrnoException, isLate: boolean): Answer {
  const [first = error] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [error];
  const code = first.code ?? '';
  if (isLate) return { ok: false, code: 'no answer', said: 'no answer in time', sent: true, peculiar: [] };
  return { ok: false, code: WORDS[code] ?? (code || 'failed'), said: oneLine(first.message), sent: !NEVER_SENT.test(code), peculiar: [] };
}

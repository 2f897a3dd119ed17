import type { Failure, Stage } from '../facts/index.ts';
import { duration } from './excerpt.ts';
import type { FailedOutcome } from './probe.ts';

/** What the system's and Node's error codes mean as facts. A code that is not here is judged by the stage that it came in. */
const FAILURE_OF_CODE: Readonly<Record<string, Failure>> = {
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  EAI_FAIL: 'name',
  EAI_NODATA: 'name',
  EAI_NONAME: 'name',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  EADDRNOTAVAIL: 'refused',
  EAFNOSUPPORT: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EACCES: 'denied',
  EPERM: 'denied',
};

/** Of several addresses of one name the most telling error counts: `refused` only when every address refuses or has no route. */
const TELLING: readonly string[] = [
  'ETIMEDOUT',
  'ECONNRESET',
  'EACCES',
  'EPERM',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
];
const telling = (error: NodeJS.ErrnoException): number => {
  const at = TELLING.indexOf(error.code ?? '');
  return at < 0 ? TELLING.length : at;
};

/** Errors of this machine, not of the one asked: descriptors or memory used up. They are thrown on and become `unknown`. */
const OUR_OWN = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/** Turns an error of a socket, TLS or DNS into a fact. Throws what is our own trouble. */
export function networkFailure(error: NodeJS.ErrnoException, stage: Stage): FailedOutcome {
  const tried = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [error];
  const said = [...tried].sort((a, b) => telling(a) - telling(b))[0] ?? error;
  const code = said.code ?? '';
  if (OUR_OWN.includes(code)) throw said;
  const detail = oneLine([...new Set(tried.map((one) => one.message))].join('; '));
  if (stage === 'tls') return { failure: 'tls', detail: tlsDetail(code, detail), stage };
  const failure = FAILURE_OF_CODE[code];
  if (failure === 'name') return { failure, detail: `${nameOf(said)} does not resolve (${code})`, stage: 'name' };
  return { failure: failure ?? (stage === 'connect' ? 'refused' : 'reset'), detail, stage };
}

/** No answer in time: which part of the exchange was waited for. */
export function timeoutFailure(stage: Stage, ms: number, received = 0): FailedOutcome {
  const within = duration(ms);
  const details: Readonly<Record<Stage, string>> = {
    name: `the name was not resolved in ${within}`,
    connect: `no connection in ${within}`,
    tls: `connected, no answer to the TLS hello in ${within}`,
    answer: `connected, no answer in ${within}`,
    body: `the answer began and did not end in ${within}: ${received} bytes came`,
  };
  return { failure: 'timeout', detail: details[stage], stage };
}

/** OpenSSL's words, in the code or in the message, for a peer that answers a TLS hello with something else. */
const PLAINTEXT = /wrong.version.number|packet.length.too.long|unknown.protocol|http.request/i;

function tlsDetail(code: string, detail: string): string {
  if (PLAINTEXT.test(`${code} ${detail}`)) return 'the port answers a TLS hello in plain text';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the port closes the connection at the TLS hello';
  // OpenSSL's own lines carry numbers and source files: `80BB…:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert …:../deps/…:`
  const reason = /:SSL routines:[^:]*:([^:]+)/.exec(detail)?.[1];
  // Node adds advice about itself after a semicolon.
  return reason ?? `${detail.split(';')[0]!}${code === '' || detail.includes(code) ? '' : ` (${code})`}`;
}

const nameOf = (error: NodeJS.ErrnoException): string => (error as { hostname?: string }).hostname ?? 'the name';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

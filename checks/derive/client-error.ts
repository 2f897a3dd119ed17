import type { Address, ClientError } from '../facts/index.ts';
import { splitAddress } from '../address.ts';

/** What a client's own words tell. `plain`: TLS met plaintext. `answered`: it got through, and cannot read the connector's JSON. `cut`: the receiver ended a gRPC call without a word. */
export type ClientTrouble =
  | 'answered'
  | 'proxy'
  | 'http-to-grpc'
  | 'grpc-to-http'
  | 'plain'
  | 'not-found'
  | 'too-large'
  | 'unreadable'
  | 'refused'
  | 'unresolved'
  | 'timed-out'
  | 'cut';

export type ClientSaid = { trouble: ClientTrouble; line: string; /** where it was refused, or the proxy */ address?: Address };

/**
 * The more telling come first. Sources: fixtures/recorded/clients/errors.json (SDKs for JavaScript and Python against connector and bridge);
 * Go's net/http and grpc-go, grpc-java, gRPC core and OkHttp as their sources word it.
 */
const WORDS: readonly (readonly [ClientTrouble, RegExp])[] = [
  ['proxy', /ProxyError|proxyconnect|(?:connect(?:ion)?|connected) to proxy|proxy CONNECT|tunnel(?:ing)? (?:socket|failed)/i],
  [
    'plain',
    /wrong[ _]version[ _]number|does not look like a TLS handshake|not an SSL\/TLS record|Unsupported or unrecognized SSL message/i,
  ],
  [
    'http-to-grpc',
    /Expected HTTP\/|BadStatusLine\('?\\{1,2}x00|malformed HTTP (?:response|status|version)|Unexpected HTTP\/1\.x request|transport connection broken: malformed|unexpected end of stream on http/i,
  ],
  [
    'grpc-to-http',
    /Received HTTP status code \d+|Received http2 header with status|unexpected HTTP status code received from server|error reading server preface|Trying to connect an http1\.x server|http2: frame too large|Protocol error/i,
  ],
  ['too-large', /\b413\b|exceeds maximum (?:message )?size|larger than (?:max|\d+ bytes)|too large|Request Entity Too Large/i],
  ['not-found', /\b404\b|Unknown endpoint|Nothing is served here/i],
  ['unreadable', /\b400\b|INVALID_ARGUMENT|Bad Request/i],
  ['refused', /ECONNREFUSED|connection refused|refused to connect/i],
  ['unresolved', /ENOTFOUND|EAI_AGAIN|Name or service not known|no such host|name resolution|DNS resolution failed|UnknownHostException/i],
  ['timed-out', /ETIMEDOUT|i\/o timeout|timed out|connect timeout|DEADLINE_EXCEEDED|deadline exceeded/i],
  ['cut', /CANCELLED: (?:Call cancelled|RST_STREAM)|StatusCode\.CANCELLED|RST_STREAM with error code 8|error code: CANCEL\b/],
  ['answered', /Export succeeded but could not deserialize response/],
];

/** The first of these that any line has. */
export function clientSaid({ lines }: ClientError): ClientSaid | undefined {
  for (const [trouble, words] of WORDS) {
    const line = lines.findLast((one) => words.test(one));
    if (line === undefined) continue;
    const address = addressIn(line);
    return { trouble, line: around(line, words), ...(address && { address }) };
  }
  return undefined;
}

const ADDRESSES = [
  /host='([^']+)', port=(\d+)/,
  /ECONNREFUSED (\S+?):(\d{1,5})\b/,
  /ipv[46]:(\S+?):(\d{1,5})\b/,
  /dial tcp (\S+?):(\d{1,5})\b/,
  /proxy (\S+?):(\d{1,5})\b/i,
  /(?:connect(?:ing)? to|exporting \w+ to) (?:\w+:\/\/)?([^\s,/]+?):(\d{1,5})\b/i,
];

/** The address that a line is about, percent signs and brackets taken off. */
function addressIn(line: string): Address | undefined {
  const found = ADDRESSES.map((form) => form.exec(line)).find((one) => one !== null);
  return found === undefined || found === null
    ? undefined
    : splitAddress(`${found[1]!.replace(/%5B/i, '[').replace(/%5D/i, ']')}:${found[2]!}`);
}

const BESIDE = 110;

/** A log line may be a whole stack: what is quoted is the part that tells. */
function around(line: string, words: RegExp): string {
  const at = words.exec(line)!;
  const from = Math.max(0, at.index - BESIDE);
  const to = Math.min(line.length, at.index + at[0].length + BESIDE);
  return `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
}

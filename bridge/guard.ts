import type { Credentials } from './credentials.ts';
import type { Answer, Guard } from './door.ts';
import { foreignCaller, isLoopback } from './loopback.ts';

/** Open to everybody: probes of balancers and Kubernetes carry no credentials, and these say no more than a word. */
const OPEN_PATH = /^\/(health|ready)\/?(\?|$)/;

const refusal = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  body: { error_code: status, message },
  headers: { connection: 'close', ...headers },
});

/**
 * A door on loopback answers callers that name it as loopback (see foreignCaller). Where credentials are set they are asked for, on loopback too.
 * A door beyond loopback has names that nobody here knows: there the credentials are what keeps strangers out.
 */
export function guardOf(host: string, credentials: Credentials | null): Guard {
  const isLocal = isLoopback(host);
  return ({ headers, url }) => {
    const foreign = isLocal ? foreignCaller(headers) : null;
    if (foreign !== null) return refusal(403, foreign);
    if (credentials === null || credentials.allows(headers.authorization) || OPEN_PATH.test(url ?? '')) return null;
    return refusal(401, 'Credentials are needed here: send one of those in bridge.auth.file', {
      'www-authenticate': credentials.challenge,
    });
  };
}

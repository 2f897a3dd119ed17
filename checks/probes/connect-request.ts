import type { AskRequest, Look } from './probe.ts';

/** A path below the connect URL, which may have one itself behind a proxy. */
function below(base: URL, path: string): URL {
  const url = new URL(base);
  const [pathname = '', search = ''] = path.split('?');
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${pathname}`;
  url.search = search;
  return url;
}

/** A request to Connect with the target's credentials. */
export function connectRequest({ target }: Pick<Look, 'target'>, base: URL, path: string): AskRequest {
  return {
    url: below(base, path),
    ...(target.connectAuth === undefined ? {} : { auth: target.connectAuth }),
    ...(target.connectTls === undefined ? {} : { tls: target.connectTls }),
  };
}

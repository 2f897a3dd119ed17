import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Where the PEM files of a receiver are; null where no key names one. `clientCa`: who may come, if not everybody. */
export type TlsPaths = { cert: string | null; key: string | null; clientCa: string | null };

/** The key that names each file. */
export const TLS_KEY: Readonly<Record<keyof TlsPaths, string>> = {
  cert: 'otlp.tls.cert.path',
  key: 'otlp.tls.key.path',
  clientCa: 'bridge.tls.client.ca.path',
};

/** A file that TLS cannot be served with: which key names it, where it is, and why in one clause. */
export type TlsFault = Error & { tlsFile: { key: string; path: string | null; reason: string; missing: boolean } };

const faultOf = (which: keyof TlsPaths, path: string | null, reason: string, missing = false): TlsFault => {
  const tlsFile = { key: TLS_KEY[which], path, reason, missing };
  return Object.assign(new Error(`${tlsFile.key}: ${path ?? 'no file'} ${reason}`), { tlsFile });
};

export const isTlsFault = (error: unknown): error is TlsFault => error instanceof Error && 'tlsFile' in error;

const READ_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this process',
  EISDIR: 'is a folder',
};

async function read(which: keyof TlsPaths, path: string | null): Promise<Buffer> {
  if (path === null) throw faultOf(which, null, 'is given, and TLS needs one', true);
  try {
    return await readFile(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw faultOf(which, path, READ_WORDS[code] ?? `cannot be read (${code})`, code === 'ENOENT');
  }
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Every certificate of a PEM file, the first one first. */
function certificates(which: keyof TlsPaths, path: string | null, bytes: Buffer): [X509Certificate, ...X509Certificate[]] {
  try {
    const [first, ...more] = bytes.toString('latin1').match(PEM) ?? [];
    if (first !== undefined) return [new X509Certificate(first), ...more.map((one) => new X509Certificate(one))];
  } catch {
    // a block that holds something else: said below
  }
  throw faultOf(which, path, 'holds no certificate in PEM form');
}

function privateKey(path: string | null, bytes: Buffer) {
  if (/ENCRYPTED/.test(bytes.toString('latin1'))) throw faultOf('key', path, 'is encrypted, and there is no key for its passphrase');
  try {
    return createPrivateKey(bytes);
  } catch {
    throw faultOf('key', path, 'holds no private key in PEM form');
  }
}

/** What a server needs, and a sentence's end about whom it names and until when. */
export type TlsMaterial = { context: SecureContextOptions; about: string };

/** Reads the files and makes sure that a server can be made of them. Rejects with a TlsFault. */
export async function readTlsFiles(paths: TlsPaths): Promise<TlsMaterial> {
  const cert = await read('cert', paths.cert);
  const key = await read('key', paths.key);
  const ca = paths.clientCa === null ? null : await read('clientCa', paths.clientCa);
  const [own] = certificates('cert', paths.cert, cert);
  if (!own.checkPrivateKey(privateKey(paths.key, key)))
    throw faultOf('key', paths.key, `is not the key of the certificate in ${paths.cert}`);
  if (ca) certificates('clientCa', paths.clientCa, ca);
  // Nothing older than TLS 1.2, whatever the process was started with. Source: RFC 8996.
  const context: SecureContextOptions = { cert, key, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) };
  try {
    createSecureContext(context);
  } catch (error) {
    throw faultOf('cert', paths.cert, `is refused (${(error as Error).message})`);
  }
  return { context, about: `for ${own.subject.replaceAll('\n', ', ') || 'no subject'}, valid until ${own.validToDate.toISOString()}` };
}

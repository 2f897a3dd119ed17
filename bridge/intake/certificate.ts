import { stat } from 'node:fs/promises';
import type { SecureContextOptions, Server } from 'node:tls';
import type { Log } from '../log.ts';
import { readTlsFiles, type TlsMaterial, type TlsPaths } from './tls-files.ts';

/** What the receivers show who they are with. It follows its files: servers that are `kept` get the new one, and no port closes for it. */
export type Certificate = {
  options: SecureContextOptions & { requestCert: boolean; rejectUnauthorized: boolean };
  keep(server: Pick<Server, 'setSecureContext'>): void;
  close(): void;
};

export type CertificateOptions = { paths: TlsPaths; log: Log; lookEveryMs?: number };

const LOGGER = 'io.conduktor.connect.otel.OtlpReceiver';
/** Looked at rather than watched: a mounted secret is swapped by links, which file events miss. */
const LOOK_MS = 1000;

/** Tells one state of the files from another; a file that is not there is a state too. */
async function stateOf({ cert, key, clientCa }: TlsPaths): Promise<string> {
  const each = [cert, key, clientCa].map(async (path) => {
    if (path === null) return '';
    const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => error.code);
    return typeof found === 'object' ? `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}` : String(found);
  });
  return (await Promise.all(each)).join(' ');
}

/** Reads the files, and again whenever they have changed and then stayed the same for one look: certificate and key are seldom written at once. */
export async function openCertificate({ paths, log, lookEveryMs = LOOK_MS }: CertificateOptions): Promise<Certificate> {
  let done = await stateOf(paths);
  const first = await readTlsFiles(paths);
  const servers: Pick<Server, 'setSecureContext'>[] = [];
  let last = done;
  let isLooking = false;

  const renew = async () => {
    let next: TlsMaterial;
    try {
      next = await readTlsFiles(paths);
      for (const server of servers) server.setSecureContext(next.context);
    } catch (error) {
      return log({ level: 'WARN', message: `TLS goes on with the certificate it has: ${(error as Error).message}`, logger: LOGGER });
    }
    log({ level: 'INFO', message: `TLS uses the new certificate in ${paths.cert} ${next.about}`, logger: LOGGER });
  };
  const look = async () => {
    const now = await stateOf(paths);
    const isSettled = now === last;
    last = now;
    if (!isSettled || now === done) return;
    done = now;
    await renew();
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, lookEveryMs);
  timer.unref();

  return {
    options: { ...first.context, requestCert: paths.clientCa !== null, rejectUnauthorized: paths.clientCa !== null },
    keep: (server) => void servers.push(server),
    close: () => clearInterval(timer),
  };
}

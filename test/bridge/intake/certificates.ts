import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../bridge-fixture.ts';

export type Pem = { cert: string; key: string; certFile: string; keyFile: string };

/** A certificate and its key, made now by openssl: self-signed, or by `issuer`. They are gone with the test process. */
export function makeCertificate(name: string, issuer?: Pem): Pem {
  const directory = folder();
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const asked = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile, '-subj', `/CN=${name}`];
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const by = issuer ? ['-CA', issuer.certFile, '-CAkey', issuer.keyFile] : [];
  execFileSync('openssl', ['req', '-x509', '-days', '2', '-out', certFile, ...asked, ...names, ...by], { stdio: 'ignore' });
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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

/** As `openssl ca` wants its database: `req` knows validity in whole days from now only. */
const AUTHORITY = `[ca]
default_ca = it
[it]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = names
copy_extensions = copy
[names]
commonName = supplied
`;
const asOpenssl = (time: Date): string => `${time.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

/** A certificate by `issuer` that is valid until a moment which may be over, from a day before. */
export function makeCertificateUntil(until: Date, name: string, issuer: Pem): Pem {
  const directory = folder();
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  for (const [file, text] of [
    ['ca.cnf', AUTHORITY],
    ['index.txt', ''],
  ] as const)
    writeFileSync(join(directory, file), text);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' });
  const asked = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile, '-subj', `/CN=${name}`];
  openssl('req', '-new', '-out', 'asked.pem', ...asked, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const by = ['-cert', issuer.certFile, '-keyfile', issuer.keyFile];
  const times = ['-startdate', asOpenssl(new Date(until.getTime() - 86_400_000)), '-enddate', asOpenssl(until)];
  openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...by, '-in', 'asked.pem', '-out', certFile, ...times);
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

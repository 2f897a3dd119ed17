import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

function keyIn(pem: string, password: string | null): KeyObject | null {
  try {
    return createPrivateKey(password === null ? pem : { key: pem, passphrase: password });
  } catch {
    return null;
  }
}

function certificateIn(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** What is wrong with a PEM file of a private key and its certificate, as the end of a sentence; null where it can be used. */
export function ownCertificateFault(pem: string, password: string | null): string | null {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return 'holds no private key: it goes into one PEM file with its certificates';
  const key = keyIn(pem, password);
  if (key === null && /ENCRYPTED/.test(pem))
    return password === null
      ? 'holds a private key that is encrypted: give bridge.kafka.ssl.key.password'
      : 'holds a private key that bridge.kafka.ssl.key.password does not open';
  if (key === null) return 'holds a private key that cannot be read';
  const certificate = certificateIn(pem);
  if (certificate === null) return 'holds no certificate: it goes into one PEM file with its private key';
  return certificate.checkPrivateKey(key) ? null : 'holds a private key that is not of its first certificate';
}

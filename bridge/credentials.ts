import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { badInput } from './settings/bad-input.ts';
import { systemWords } from './system-words.ts';

/** Whether the Authorization header of a request is one of those that the file allows. `challenge`: what WWW-Authenticate asks for. */
export type Credentials = { allows(authorization: string | undefined): boolean; challenge: string };

/** Of one length whatever is hashed, so that comparing tells nothing, not even how long a secret is. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const basic = (pair: string): string => `basic ${Buffer.from(pair).toString('base64')}`;

/** The scheme is of any case, what follows it is not. Source: RFC 9110 section 11.1. */
const normal = (header: string): string => header.trim().replace(/^\S+\s*/, (scheme) => `${scheme.trim().toLowerCase()} `);

/**
 * Whether somebody else may read a file, or change it. A file of root's that this process may read through its group, and not write, is as private as one
 * of its own: that is how Kubernetes mounts a secret, and systemd a credential.
 */
export function isExposed(file: { uid: number; mode: number }, self: number | undefined): boolean {
  const isHandedOver = file.uid === 0 && self !== 0;
  return (file.mode & (isHandedOver ? 0o037 : 0o077)) !== 0;
}

/**
 * Reads `bridge.auth.file`: a line each, `user:password` (Basic) or `bearer TOKEN`; empty lines and those that begin with # are passed over.
 * Throws bad input: cannot be read, may be read by others, says nothing. No part of a line is ever shown.
 */
export function readCredentials(file: string): Credentials {
  let text: string;
  try {
    if (isExposed(statSync(file), process.geteuid?.()))
      throw badInput(`bridge.auth.file ${file} can be read by others: run chmod 600 ${file}`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw (error as { code?: string }).code === 'bad-input'
      ? error
      : badInput(`bridge.auth.file ${file} cannot be read: ${systemWords(error)}`);
  }
  const lines = text.split(/\r?\n/).flatMap((line, index) => (/^\s*(#|$)/.test(line) ? [] : [{ line: line.trim(), number: index + 1 }]));
  const headers = lines.map(({ line, number }) => {
    const token = /^bearer\s+(\S+)$/i.exec(line)?.[1];
    if (token !== undefined) return `bearer ${token}`;
    if (/^[^:\s]+:./.test(line)) return basic(line);
    throw badInput(`bridge.auth.file ${file} line ${number} is neither user:password nor bearer TOKEN`);
  });
  if (headers.length === 0) throw badInput(`bridge.auth.file ${file} names nobody: write user:password or bearer TOKEN into it`);

  const known = headers.map(digest);
  const schemes = [...new Set(headers.map((header) => header.split(' ', 1)[0]))];
  return {
    // All are compared, whichever it is.
    allows(authorization) {
      const given = digest(normal(authorization ?? ''));
      return known.map((one) => timingSafeEqual(one, given)).includes(true);
    },
    challenge: schemes
      .map((scheme) => (scheme === 'basic' ? 'Basic realm="otlpctl bridge", charset="UTF-8"' : 'Bearer realm="otlpctl bridge"'))
      .join(', '),
  };
}

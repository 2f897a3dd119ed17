import { readFileSync } from 'node:fs';

/** The version in package.json. In a build this file is one folder deeper. */
export function version(): string {
  const place = import.meta.url.includes('/dist/') ? '../../package.json' : '../package.json';
  return (JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { version: string }).version;
}

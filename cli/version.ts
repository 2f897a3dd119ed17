import { readFileSync } from 'node:fs';
import { packageFile } from '../proto/package-root.ts';

/** The version in package.json. */
export const version = (): string => (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;

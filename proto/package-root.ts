import { findPackageJSON } from 'node:module';

/** A file of this package by its path from the folder of package.json: the same from sources and from a build, wherever its chunks lie. */
export const packageFile = (path: string): URL => new URL(path, new URL(`file://${findPackageJSON(import.meta.url)!}`));

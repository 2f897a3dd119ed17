/** Bundles to dist/ when a source is newer than the last build. Silent when there is nothing to do: `npm run -s otlpctl` prints through it. */
import './node-version.mjs';
import { build } from 'esbuild';
import fs, { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

const SOURCES = ['{cli,bridge,checks,proto}/**/*.{ts,tsx}', 'tsconfig.json', 'package-lock.json'];
const STAMP = '.built';

/** Names and times: a deleted or moved file must count as a change too. */
const state = fs
  .globSync(SOURCES)
  .sort()
  .map((file) => `${file} ${statSync(file).mtimeMs}`)
  .join('\n');

function built() {
  try {
    return readFileSync(`dist/${STAMP}`, 'utf8') === state;
  } catch {
    return false;
  }
}

/**
 * One file an entry and few shared chunks: a start of otlpctl is mostly the reading of modules. Packages stay outside, for they are
 * loaded only where they are needed. Types are not checked here.
 */
const bundle = (outdir) =>
  build({
    entryPoints: fs.globSync(['cli/main.ts', 'cli/health-entry.ts', 'cli/commands/**/*.ts']),
    outdir,
    outbase: '.',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    logLevel: 'warning',
  });

if (!built()) {
  // Beside the old build, then swapped: a running otlpctl never sees half a build.
  const next = `dist.${process.pid}`;
  try {
    await bundle(next);
    writeFileSync(`${next}/${STAMP}`, state);
    rmSync('dist', { recursive: true, force: true });
    renameSync(next, 'dist');
  } catch {
    rmSync(next, { recursive: true, force: true });
    process.exitCode = 3;
  }
}

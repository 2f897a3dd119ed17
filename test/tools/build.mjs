/** Compiles to dist/ when a source is newer than the last build. Silent when there is nothing to do: `npm run -s otlpctl` prints through it. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

const SOURCES = ['{cli,bridge,checks,proto}/**/*.{ts,tsx}', 'tsconfig.json', 'package-lock.json'];
const STAMP = '.built';

/** Names and times: a deleted or moved file must count as a change too. */
const state = globSync(SOURCES)
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

if (!built()) {
  // Beside the old build, then swapped: a running otlpctl never sees half a build.
  const next = `dist.${process.pid}`;
  try {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', next], {
      stdio: ['ignore', 2, 2],
    });
    writeFileSync(`${next}/${STAMP}`, state);
    rmSync('dist', { recursive: true, force: true });
    renameSync(next, 'dist');
  } catch {
    rmSync(next, { recursive: true, force: true });
    process.exitCode = 3;
  }
}

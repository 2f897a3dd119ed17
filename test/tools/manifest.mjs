/** Checks that oclif.manifest.json is what the commands say (or, with --write, makes it so). Without it every command is loaded at each start. */
import './node-version.mjs';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FILE = 'oclif.manifest.json';
const folder = mkdtempSync(join(tmpdir(), 'otlpctl-manifest-'));

try {
  copyFileSync('package.json', join(folder, 'package.json'));
  // A link would be followed: the manifest would say where this checkout lies, and every other one would load its commands from there.
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'proto']) symlinkSync(resolve(name), join(folder, name));
  execFileSync(process.execPath, [resolve('node_modules/oclif/bin/run.js'), 'manifest', folder], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 2],
  });
  const made = JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
  // oclif lists commands as the folder does, which differs from disk to disk.
  const sorted = (value) =>
    Array.isArray(value) || value === null || typeof value !== 'object'
      ? value
      : Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key])]),
        );
  const fresh = `${JSON.stringify(sorted(made), null, 2)}\n`;
  if (process.argv.includes('--write')) {
    writeFileSync(FILE, fresh);
  } else if (readFileSync(FILE, 'utf8') !== fresh) {
    process.stderr.write(`${FILE} is not what the commands say: run npm run manifest and commit the result.\n`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

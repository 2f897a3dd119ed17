import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('../../fixtures/golden/', import.meta.url);

/** Holds what is printed against fixtures/golden. UPDATE_GOLDEN=1 writes it anew: read the difference before it is committed. */
export function assertGolden(name: string, printed: string): void {
  const file = new URL(name, FOLDER);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, printed);
  }
  assert.equal(printed, readFileSync(file, 'utf8'));
}

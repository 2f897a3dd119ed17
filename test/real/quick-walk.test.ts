import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COMPILED, compileQuickWalk } from './quick-walk.ts';

test('quick-walk.wasm is what AssemblyScript makes of quick-walk.as', async () => {
  assert.ok(readFileSync(COMPILED).equals(await compileQuickWalk()), 'stale: node test/real/quick-walk.ts');
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compile, compiledFile, SOURCES } from './assemblyscript.ts';

for (const source of SOURCES)
  test(`${source}.wasm is what AssemblyScript makes of ${source}.as`, async () => {
    assert.ok(readFileSync(compiledFile(source)).equals(await compile(source)), 'stale: node test/real/assemblyscript.ts');
  });

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TOOLS } from './tools.ts';

const INTAKE = resolve(import.meta.dirname, '../../bridge/intake');
export const COMPILED = `${INTAKE}/quick-walk.wasm`;

/** 64 KiB of tables and stack, and 4 MiB of body: it is never asked to grow. */
const PAGES = 65;
const OPTIONS = { optimizeLevel: 3, runtime: 'stub', use: ['abort='], enable: ['simd'], initialMemory: PAGES, maximumMemory: PAGES };

type Compiled = { error: Error | null; stderr: { toString(): string }; binary: Uint8Array | null };
type Compiler = { compileString(source: string, options: typeof OPTIONS): Promise<Compiled> };

/** What AssemblyScript makes of bridge/intake/quick-walk.as. */
export async function compileQuickWalk(): Promise<Buffer> {
  const { default: compiler } = (await import(`${TOOLS}/assemblyscript/node_modules/assemblyscript/dist/asc.js`)) as { default: Compiler };
  const { error, stderr, binary } = await compiler.compileString(readFileSync(`${INTAKE}/quick-walk.as`, 'utf8'), OPTIONS);
  if (error || !binary || stderr.toString() !== '') throw new Error(`quick-walk.as: ${stderr.toString()}`);
  return Buffer.from(binary);
}

if (import.meta.main) writeFileSync(COMPILED, await compileQuickWalk());

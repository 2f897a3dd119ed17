import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TOOLS } from './tools.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * What is compiled, and the memory that it has, in pages of 64 KiB: tables and stack in the first, and behind it 4 MiB of body for the walk, one
 * chunk for the checksum, two rooms of 512 KiB and what is before and behind each for the log. It is never asked to grow.
 */
const PAGES: Readonly<Record<string, number>> = {
  'bridge/intake/quick-walk': 65,
  'bridge/sinks/kafka/crc32c': 2,
  'checks/probes/log-scan': 22,
};
export const SOURCES: readonly string[] = Object.keys(PAGES);

const optionsFor = (source: string) => ({
  optimizeLevel: 3,
  runtime: 'stub',
  use: ['abort='],
  enable: ['simd'],
  initialMemory: PAGES[source]!,
  maximumMemory: PAGES[source]!,
});

type Compiled = { error: Error | null; stderr: { toString(): string }; binary: Uint8Array | null };
type Compiler = { compileString(source: string, options: ReturnType<typeof optionsFor>): Promise<Compiled> };

export const compiledFile = (source: string): string => `${ROOT}/${source}.wasm`;

/** What AssemblyScript makes of a source, which is named without `.as`. */
export async function compile(source: string): Promise<Buffer> {
  const { default: compiler } = (await import(`${TOOLS}/assemblyscript/node_modules/assemblyscript/dist/asc.js`)) as { default: Compiler };
  const { error, stderr, binary } = await compiler.compileString(readFileSync(`${ROOT}/${source}.as`, 'utf8'), optionsFor(source));
  if (error || !binary || stderr.toString() !== '') throw new Error(`${source}.as: ${stderr.toString()}`);
  return Buffer.from(binary);
}

if (import.meta.main) for (const source of SOURCES) writeFileSync(compiledFile(source), await compile(source));

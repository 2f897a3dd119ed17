import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { writeWorkerLog } from './worker-log.ts';

const LINES = 1_000_000;
const GOAL = { ratio: 5, rssMib: 150 };
const CHILD = resolve(import.meta.dirname, 'log-child.ts');
const RESULTS = resolve(import.meta.dirname, 'results-log.md');

type Figures = { ms: number; processMs: number; rssMib: number; lines: number; cpuMs: number };

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const medians = (all: readonly Figures[]): Figures => ({
  ms: median(all.map(({ ms }) => ms)),
  processMs: median(all.map(({ processMs }) => processMs)),
  rssMib: Math.max(...all.map(({ rssMib }) => rssMib)),
  lines: all[0]?.lines ?? 0,
  cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
});

async function timed<T>(run: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const began = performance.now();
  const value = await run();
  return { ms: performance.now() - began, value };
}

async function read(file: string, mostBytes?: number): Promise<Figures> {
  const args = [CHILD, file, ...(mostBytes === undefined ? [] : [String(mostBytes)])];
  const { ms: processMs, value } = await timed(() => execa(process.execPath, args));
  return { ...(JSON.parse(value.stdout) as Omit<Figures, 'processMs'>), processMs };
}

/** A million lines: grep and our reader by turns, so that both meet the same neighbours on this machine. */
export async function benchLog(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-bench-'));
  try {
    const file = join(folder, 'connect.log');
    writeWorkerLog(file, LINES, Date.now());
    const { size } = statSync(file);
    const greps: number[] = [];
    const whole: Figures[] = [];
    const shipped: Figures[] = [];
    await read(file, size);
    for (let round = 0; round < rounds; round += 1) {
      greps.push((await timed(() => execa('grep', ['-c', 'ERROR', file]))).ms);
      whole.push(await read(file, size));
      shipped.push(await read(file));
    }
    const grepMs = median(greps);
    const [all, end] = [medians(whole), medians(shipped)];
    const row = (what: string, { ms, processMs, rssMib, lines, cpuMs }: Figures): string =>
      `| ${what} | ${lines} | ${ms.toFixed(0)} | ${(ms / grepMs).toFixed(1)} | ${processMs.toFixed(0)} | ${(processMs / grepMs).toFixed(1)} | ${cpuMs.toFixed(0)} | ${rssMib.toFixed(0)} |`;
    const text = [
      '# A million log lines',
      '',
      `\`npm run bench -- log ${rounds}\`, ${new Date().toISOString().slice(0, 10)}, Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${(loadavg()[0] ?? 0).toFixed(1)} at the end.`,
      `The log has ${LINES} lines, ${(size / 1024 / 1024).toFixed(0)} MiB (test/bench/worker-log.ts). ${rounds} rounds, medians; memory is the most of all rounds.`,
      '',
      `\`grep -c ERROR\` (locale as it is here: LC_ALL=${process.env['LC_ALL'] ?? ''}, LANG=${process.env['LANG'] ?? ''}): **${grepMs.toFixed(0)} ms** (${greps.map((ms) => ms.toFixed(0)).join(', ')}). The goal is ${GOAL.ratio} × that, in ${GOAL.rssMib} MiB.`,
      '',
      '| read | lines | ms | × grep | whole process, ms | × grep | CPU of it, ms | most memory, MiB |',
      '|---|---|---|---|---|---|---|---|',
      row('all of it (bound raised)', all),
      row('as shipped: its last 64 MiB', end),
      '',
    ].join('\n');
    writeFileSync(RESULTS, text);
    process.stdout.write(text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

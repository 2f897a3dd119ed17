import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as elapsed } from 'node:timers/promises';

/** Percent of one processor, over the time between two looks. */
export type ProcessorUse = { cpuPercent: number; collectorPercent: number };

/** Long enough for the kernel's ticks of 10 ms to tell a half from a whole processor, short beside every deadline. */
const BETWEEN_MS = 250;
/** USER_HZ: Linux shows times in hundredths of a second, whatever its own clock. Source: proc(5). */
const TICK_MS = 10;
/** Threads of HotSpot that collect, by name; the serial collector works in the VM thread. Names are cut to 15 characters. */
const COLLECTORS = /^(GC Thread|G1 |ParGC|Parallel|VM Thread|ZWorker|ZDriver|XWorker|XDriver|Shenandoah)/;

/** How much of a processor a JVM uses, and how much of that its garbage collector. Nothing where it is gone or may not be read. */
export async function processorUse(pid: number, signal: AbortSignal, proc = '/proc'): Promise<ProcessorUse | undefined> {
  try {
    const folder = `${proc}/${pid}`;
    const threads = readdirSync(`${folder}/task`).map((thread) => `${folder}/task/${thread}`);
    const collectors = threads.filter((thread) => COLLECTORS.test(readFileSync(`${thread}/comm`, 'utf8')));
    const look = () => ({
      at: performance.now(),
      all: ticksOf(folder),
      collector: collectors.reduce((sum, thread) => sum + ticksOf(thread), 0),
    });
    const before = look();
    await elapsed(BETWEEN_MS, undefined, { signal });
    const after = look();
    const percent = (ticks: number): number => Math.round((ticks * TICK_MS * 100) / (after.at - before.at));
    return { cpuPercent: percent(after.all - before.all), collectorPercent: percent(after.collector - before.collector) };
  } catch {
    return undefined;
  }
}

/** utime and stime: fields 14 and 15, counted behind the name, which may hold blanks. Source: proc(5), /proc/PID/stat. */
function ticksOf(folder: string): number {
  const stat = readFileSync(`${folder}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

import { readFileSync } from 'node:fs';

/** USER_HZ, in which the kernel tells CPU time to every process on Linux. */
const TICKS_PER_SECOND = 100;

/** CPU time of a process with all its threads, user and system, in milliseconds. Source: proc(5), /proc/PID/stat. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name and may hold anything; the third begins behind its bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

const kB = (pid: number, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN);

/** Resident memory in MB (10^6 bytes), now and at its most. Source: proc(5), /proc/PID/status. */
export const rssMb = (pid: number): number => (kB(pid, 'VmRSS') * 1024) / 1e6;
export const peakRssMb = (pid: number): number => (kB(pid, 'VmHWM') * 1024) / 1e6;

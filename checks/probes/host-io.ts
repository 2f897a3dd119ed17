import { setTimeout as sleep } from 'node:timers/promises';
import type { Sample, Series } from '../facts/index.ts';
import { hostAccess, runOnHost } from './host-access.ts';
import type { HostAccess } from './host-access.ts';
import type { Look, Outcome, Probe, UnaskedOutcome } from './probe.ts';

/** Two readings need some time between them, also where no window was asked for. */
const LEAST_MS = 1000;

/** Disks and network interfaces of the host, read at both ends of the window: what iostat and iftop make their figures of. */
export const hostIoProbe: Probe = {
  gives: ['host.io'],
  needs: ['target'],
  rounds: 2,
  windowed: true,
  async look(look) {
    const access = await hostAccess(look, { orKafka: true });
    if (!('prefix' in access)) return { 'host.io': { source: '/proc/diskstats, /proc/net/dev', ...access } };
    const source = [...access.prefix, 'cat', '/proc/diskstats', '/proc/net/dev'].join(' ');
    return { 'host.io': { source, ...(await watch(look, access)) } };
  },
};

async function watch(look: Look, access: HostAccess): Promise<Outcome<Series>> {
  const waitMs = Math.max(look.windowMs, LEAST_MS);
  const first = await reading(look, access);
  if (!('values' in first)) return first;
  await sleep(waitMs, undefined, { signal: look.signal }).catch(() => undefined);
  const last = await reading(look, access);
  return { value: { samples: 'values' in last ? [first, last] : [first], absent: [] } };
}

async function reading(look: Look, access: HostAccess): Promise<Sample | UnaskedOutcome> {
  const { end, stdout, detail } = await runOnHost(look, access, ['cat', '/proc/diskstats', '/proc/net/dev']);
  if (end !== 'ok') return { unasked: 'unknown', reason: `${access.where} does not show its disks and interfaces: ${detail}` };
  return { at: look.settings.now(), values: readIo(stdout) };
}

const SECTOR_BYTES = 512;
/** No disk of its own: partitions, loop devices, memory. */
const NO_DISK = /^(?:loop|ram|zram|sr|fd)\d|^(?:sd|vd|hd|xvd)[a-z]+\d+$|^(?:nvme\d+n\d+|mmcblk\d+)p\d+$/;
const MOST_DEVICES = 64;

/** Both files at once. Sources: Linux, Documentation/admin-guide/iostats.rst (times are milliseconds); proc(5), /proc/net/dev. */
export function readIo(text: string): Record<string, number> {
  const values: Record<string, number> = {};
  let [disks, nets] = [0, 0];
  for (const line of text.split('\n')) {
    const [, name, rest = ''] = /^\s*([^\s:]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && nets < MOST_DEVICES) {
      const fields = rest.trim().split(/\s+/).map(Number);
      const [received = NaN, , receiveErrors = 0, receiveDrops = 0, , , , , sent = NaN, , sendErrors = 0, sendDrops = 0] = fields;
      if (Number.isNaN(received) || Number.isNaN(sent)) continue;
      nets += 1;
      values[`net.${name}.receivedBytes`] = received;
      values[`net.${name}.sentBytes`] = sent;
      values[`net.${name}.troubles`] = receiveErrors + receiveDrops + sendErrors + sendDrops;
      continue;
    }
    const [major = '', , disk = '', ...counters] = line.trim().split(/\s+/);
    if (!/^\d+$/.test(major) || counters.length < 11 || NO_DISK.test(disk) || disks >= MOST_DEVICES) continue;
    const [reads = 0, , readSectors = 0, readMs = 0, writes = 0, , writtenSectors = 0, writeMs = 0, , busyMs = 0] = counters.map(Number);
    disks += 1;
    values[`disk.${disk}.readBytes`] = readSectors * SECTOR_BYTES;
    values[`disk.${disk}.writtenBytes`] = writtenSectors * SECTOR_BYTES;
    values[`disk.${disk}.requests`] = reads + writes;
    values[`disk.${disk}.waitMs`] = readMs + writeMs;
    values[`disk.${disk}.busyMs`] = busyMs;
  }
  return values;
}

import type { Series } from '../facts/index.ts';

/** What disks and interfaces of a host did between two readings. */
export type DiskLoad = {
  name: string;
  readPerSecond: number;
  writtenPerSecond: number;
  requestsPerSecond: number;
  /** share of the time in which it had at least one request; iostat's %util */
  busyPercent: number;
  /** from a request's issue to its end on average, milliseconds; iostat's await. Null: there was none */
  waitMs: number | null;
};
export type NetLoad = {
  name: string;
  receivedPerSecond: number;
  sentPerSecond: number;
  /** errors and drops in the window */ troubles: number;
};
export type IoLoad = { spanMs: number; disks: DiskLoad[]; nets: NetLoad[] };

/** Busiest first. Nothing where there are not two readings some time apart. */
export function ioLoad({ samples }: Series): IoLoad | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  const spanMs = (last?.at ?? 0) - (first?.at ?? 0);
  if (first === undefined || last === undefined || spanMs <= 0) return undefined;
  // A device that is new has no beginning, and a counter that went back began anew: neither has a difference.
  const grown = (key: string): number => Math.max((last.values[key] ?? 0) - (first.values[key] ?? last.values[key] ?? 0), 0);
  const perSecond = (key: string): number => (grown(key) / spanMs) * 1000;
  const named = (kind: string, of: string): string[] =>
    Object.keys(last.values).flatMap((key) =>
      key.startsWith(`${kind}.`) && key.endsWith(`.${of}`) ? [key.slice(kind.length + 1, -of.length - 1)] : [],
    );
  const disks = named('disk', 'busyMs').map((name): DiskLoad => {
    const requests = grown(`disk.${name}.requests`);
    return {
      name,
      readPerSecond: perSecond(`disk.${name}.readBytes`),
      writtenPerSecond: perSecond(`disk.${name}.writtenBytes`),
      requestsPerSecond: perSecond(`disk.${name}.requests`),
      busyPercent: Math.min((grown(`disk.${name}.busyMs`) / spanMs) * 100, 100),
      waitMs: requests === 0 ? null : grown(`disk.${name}.waitMs`) / requests,
    };
  });
  const nets = named('net', 'sentBytes').map((name): NetLoad => ({
    name,
    receivedPerSecond: perSecond(`net.${name}.receivedBytes`),
    sentPerSecond: perSecond(`net.${name}.sentBytes`),
    troubles: grown(`net.${name}.troubles`),
  }));
  return {
    spanMs,
    disks: disks.sort((a, b) => b.busyPercent - a.busyPercent),
    nets: nets.sort((a, b) => b.receivedPerSecond + b.sentPerSecond - a.receivedPerSecond - a.sentPerSecond),
  };
}

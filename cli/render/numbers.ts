export { bytes, count, percent, rate, span } from '../../checks/derive/words.ts';

/** Time of day in UTC, with the date where it is not the day of `now`: the same words wherever a record is replayed. */
export function clock(at: number, now: number): string {
  const [day, time] = new Date(at).toISOString().split('T') as [string, string];
  const short = `${time.slice(0, 8)} UTC`;
  return new Date(now).toISOString().startsWith(day) ? short : `${day} ${short}`;
}

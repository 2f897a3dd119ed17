import type { Place } from '../checks/facts/index.ts';
import { openHttp } from '../checks/probes/ask.ts';
import { bracketed } from '../checks/address.ts';
import { worst, type OverallStatus } from '../checks/report.ts';
import { SIGNAL, SIGNALS, type Signal } from '../proto/vocabulary/signals.ts';
import { endAfter } from './end-after.ts';

/** What one GET saw. 405 proves an OTLP/HTTP receiver: it takes POST only. */
export type PathLook = { signal: Signal; url: string; httpStatus: number | null; status: OverallStatus; sentence: string };

const PROOF = 405;

function judged(httpStatus: number): { status: OverallStatus; sentence: string } {
  if (httpStatus === PROOF) return { status: 'ok', sentence: 'takes POST only, as a receiver does' };
  return { status: 'critical', sentence: 'an OTLP/HTTP receiver answers 405 to a GET: something else listens here' };
}

/** GETs the three paths; nothing is sent that could become a record. `assumed` addresses that fail say nothing about the target. */
export async function probeHttp(place: Place, deadlineMs: number): Promise<PathLook[]> {
  const http = openHttp();
  const signal = endAfter(deadlineMs + 100);
  const base = `${place.tls === true ? 'https' : 'http'}://${bracketed(place.host)}:${place.port}${place.path ?? ''}`;
  try {
    return await Promise.all(
      SIGNALS.map(async (one): Promise<PathLook> => {
        const url = `${base}${SIGNAL[one].path}`;
        const answer = await http.ask({ url: new URL(url), alone: true }, { signal, deadlineMs, count: () => {} });
        if ('value' in answer) return { signal: one, url, httpStatus: answer.value.status, ...judged(answer.value.status) };
        return { signal: one, url, httpStatus: null, status: place.assumed === true ? 'unknown' : 'critical', sentence: answer.detail };
      }),
    );
  } finally {
    http.close();
  }
}

export const statusOfPaths = (paths: readonly PathLook[]): OverallStatus => worst(paths.map(({ status }) => status));

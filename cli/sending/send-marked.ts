import type { Place } from '../../checks/facts/index.ts';
import type { Signal } from '../../proto/vocabulary/signals.ts';
import { awaitFound } from './await-found.ts';
import type { Finder } from './finder.ts';
import { openHttpSender, type Sender } from './http-sender.ts';
import type { Mark } from '../../checks/probes/marked/mark.ts';
import { payloads, type SendProtocol } from '../../checks/probes/marked/payload.ts';
import { sendReport, type SendReport } from './report.ts';
import { sendAll, type Sent } from './run.ts';

export type SendPlan = {
  signal: Signal;
  protocol: SendProtocol;
  gzip: boolean;
  count: number;
  perSecond: number | undefined;
  mark: Mark;
  place: Place;
  version: string;
  /** for one request */
  deadlineMs: number;
  /** how long what was sent is looked for once all is answered */
  waitMs: number;
};

async function openSender(plan: SendPlan): Promise<Sender> {
  if (plan.protocol !== 'grpc') return openHttpSender(plan);
  const { openGrpcSender } = await import('./grpc-sender.ts');
  return openGrpcSender(plan);
}

/** Sends all of a plan, finds what is to be found, and closes both ends whatever happens. */
export async function sendMarked(
  plan: SendPlan,
  finder: Finder | undefined,
  signal: AbortSignal,
): Promise<{ report: SendReport; where: string }> {
  const sender = await openSender(plan);
  const bodyOf = payloads(plan);
  const sent: Sent[] = [];
  const pace = { count: plan.count, ...(plan.perSecond !== undefined && { perSecond: plan.perSecond }) };
  try {
    await sendAll(pace, (number) => sender.send(bodyOf(number)), { signal, onSent: (one) => void sent.push(one) });
    sent.sort((a, b) => a.number - b.number);
    if (finder !== undefined) await awaitFound(finder, sent.filter(({ answer }) => answer.ok).length, { waitMs: plan.waitMs, signal });
    return { report: sendReport(sent, plan, finder), where: sender.where };
  } finally {
    await Promise.all([sender.close(), finder?.close()]);
  }
}

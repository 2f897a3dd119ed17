import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectRequest } from '../../checks/actions/plan.ts';
import { oneLine } from '../../checks/derive/words.ts';
import { isObject } from '../../checks/facts/index.ts';
import type { Reply } from './connect-client.ts';
import { named, type Going, type Stage, type StepEnd } from './stage.ts';

/** One answer is waited for so long at most; Connect itself gives up after 90 s. */
const MOST_REQUEST_MS = 30_000;
/** First pause before a request that met a rebalance is sent again; then twice as long each time. */
const RETRY_MS = 200;
const MOST_RETRY_MS = 2_000;
/** An attempt that is made is waited for, or nobody would know what came of it. */
const LEAST_MS = 1_000;

const messageOf = ({ json, text }: Extract<Reply, { status: number }>): string => {
  const message = isObject(json) ? json['message'] : undefined;
  return oneLine(typeof message === 'string' ? message : text, 300);
};

/** A rebalance passes; a name that exists already does not. */
const isRebalance = (reply: Reply): boolean => 'status' in reply && reply.status === 409 && !/already exists/.test(messageOf(reply));

/** Sends again while Connect rebalances. */
async function patiently(step: ConnectRequest, stage: Stage, deadlineAt: number): Promise<{ reply: Reply; attempts: number }> {
  const retryUntil = Math.min(deadlineAt, performance.now() + MOST_REQUEST_MS);
  for (let [attempts, pauseMs] = [1, RETRY_MS]; ; attempts += 1, pauseMs = Math.min(pauseMs * 2, MOST_RETRY_MS)) {
    const deadlineMs = Math.max(Math.min(deadlineAt - performance.now(), MOST_REQUEST_MS), attempts === 1 ? 1 : LEAST_MS);
    const reply = await stage.client.send(step, { deadlineMs, signal: stage.signal });
    if (!isRebalance(reply) || performance.now() + pauseMs > retryUntil || stage.signal.aborted) return { reply, attempts };
    if (attempts === 1) stage.say('409: Connect rebalances, trying again');
    await pause(pauseMs, undefined, { signal: stage.signal }).catch(() => undefined);
  }
}

/** Writes down what is about to be sent, sends it, writes down what came back. `waitMs`: how long the state after it is waited for. */
export async function send(step: ConnectRequest, index: number, waitMs: number | undefined, stage: Stage, going: Going): Promise<StepEnd> {
  const began = performance.now();
  going.unanswered = null;
  going.deadlineAt = began + (waitMs ?? MOST_REQUEST_MS);
  stage.journal({ event: 'sending', step: index, does: named(step) });
  const { reply, attempts } = await patiently(step, stage, going.deadlineAt);
  const [status, failure] = 'status' in reply ? [reply.status, null] : [null, reply.failure];
  const answer = 'status' in reply ? (reply.json ?? (reply.text === '' ? null : reply.text)) : null;
  const ms = Math.round(performance.now() - began);
  const left = 'status' in reply || reply.sent;
  stage.journal({ event: 'answered', step: index, ms, attempts, status, failure, ...(left ? {} : { sent: false }), answer });
  const earlier = going.exchanges.map(named);
  const { method, url, body } = step;
  if (left) going.exchanges.push({ method, url, body, status, failure, attempts, answer });
  going.answeredAt = performance.now();
  return judge(step, reply, attempts, earlier, stage, going);
}

/** What the answer means for what comes after it. */
export function judge(
  step: ConnectRequest,
  reply: Reply,
  attempts: number,
  earlier: readonly string[],
  stage: Stage,
  going: Going,
): StepEnd {
  if (!('status' in reply)) {
    if (!reply.sent) {
      const sentence = `${named(step)} could not be sent: ${reply.failure}`;
      if (earlier.length === 0) return { outcome: 'not-tried', sentence: `${sentence}; nothing was changed` };
      return { outcome: 'not-seen', sentence: `${sentence}; done before: ${earlier.join(', ')}` };
    }
    if (!stage.signal.aborted) stage.say(`${named(step)}: ${reply.failure}; looking at what came of it`);
    going.unanswered = reply.failure;
    return undefined;
  }
  const times = attempts === 1 ? '' : ` after ${attempts} attempts`;
  if (reply.status < 200 || reply.status >= 300)
    return { outcome: 'not-seen', sentence: `${named(step)} was answered ${reply.status}${times}: ${messageOf(reply)}` };
  stage.say(`${reply.status} ${reply.status === 202 ? 'accepted' : 'done'}${times}`);
  return undefined;
}

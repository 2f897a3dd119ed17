import { setTimeout as delay } from 'node:timers/promises';
import type { CommandStep, PauseStep, ReadStep } from '../../checks/actions/plan.ts';
import { shellWord } from '../../checks/derive/commands.ts';
import { isObject } from '../../checks/facts/index.ts';
import { runTool } from '../../checks/probes/outside-tool.ts';
import type { Going, Stage, StepEnd } from './stage.ts';

const POLL_MS = 250;

/** A value that Connect has to show after a change. */
export async function read(
  { url, key, value, deadlineMs, does }: ReadStep,
  index: number,
  stage: Stage,
  { unanswered }: Going,
): Promise<StepEnd> {
  const began = performance.now();
  const call = { kind: 'request', method: 'GET', url, body: null, does } as const;
  for (;;) {
    const reply = await stage.client.send(call, { deadlineMs, signal: stage.signal });
    const json = 'status' in reply ? reply.json : null;
    const is = isObject(json) ? String(json[key]) : 'failure' in reply ? reply.failure : `HTTP ${reply.status}`;
    const ms = Math.round(performance.now() - began);
    if (is === value || ms >= deadlineMs || stage.signal.aborted) {
      stage.journal({ event: 'waited', step: index, ms, gap: is === value ? null : `it is ${is}`, seen: is });
      if (is !== value)
        return {
          outcome: 'not-seen',
          sentence: `${unanswered === null ? '' : `the request got ${unanswered}; `}not seen: ${does.replace(/^until /, '')}; it is ${is}`,
        };
      stage.say(does.replace(/^until /, ''));
      return undefined;
    }
    await delay(POLL_MS, undefined, { signal: stage.signal }).catch(() => undefined);
  }
}

export async function pass({ ms, does }: PauseStep, index: number, stage: Stage): Promise<StepEnd> {
  const began = performance.now();
  stage.say(`waiting ${does}`);
  await delay(ms, undefined, { signal: stage.signal }).catch(() => undefined);
  stage.journal({
    event: 'waited',
    step: index,
    ms: Math.round(performance.now() - began),
    gap: stage.signal.aborted ? 'interrupted' : null,
    seen: does,
  });
  return stage.signal.aborted ? { outcome: 'not-seen', sentence: 'interrupted before the time was over' } : undefined;
}

/** A tool of others; its last lines are told when it fails. */
export async function tool({ command, deadlineMs }: CommandStep, index: number, stage: Stage, going: Going): Promise<StepEnd> {
  const began = performance.now();
  const shown = command.map(shellWord).join(' ');
  stage.journal({ event: 'sending', step: index, does: shown });
  const end = await runTool({ command, deadlineMs, signal: stage.signal });
  const failure = 'exit' in end ? null : 'reason' in end ? end.reason : end.detail;
  const isSent = 'exit' in end || 'failure' in end;
  stage.journal({
    event: 'answered',
    step: index,
    ms: Math.round(performance.now() - began),
    attempts: 1,
    status: null,
    failure,
    answer: null,
  });
  if (isSent) going.commands.push(shown);
  if (failure === null) {
    stage.say(`${shown} ended with exit code 0`);
    return undefined;
  }
  return isSent ? { outcome: 'not-seen', sentence: failure } : { outcome: 'not-tried', sentence: `${failure}: nothing was done` };
}

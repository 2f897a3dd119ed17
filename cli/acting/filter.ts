import type { FilterStep } from '../../checks/actions/plan.ts';
import { firewallRules } from '../../checks/steps/firewall-rules.ts';
import type { Stage, StepEnd } from './stage.ts';

/** Whether the ports are open is asked of the check that doctor's reader would ask: a tool that ended well may have changed a filter that is off, or not the one that closes them. */
export async function filter({ does }: FilterStep, index: number, stage: Stage): Promise<StepEnd> {
  const began = performance.now();
  const { status, sentence } = firewallRules.evaluate(await stage.look());
  const isOpen = status === 'ok';
  stage.journal({ event: 'waited', step: index, ms: Math.round(performance.now() - began), gap: isOpen ? null : sentence, seen: sentence });
  if (!isOpen) return { outcome: 'not-seen', sentence: `not seen ${does}: ${sentence.replace(/\.$/, '')}` };
  stage.say(sentence.replace(/\.$/, ''));
  return undefined;
}

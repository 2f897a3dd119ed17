import { parse } from 'yaml';
import type { PromRule, RuleFile } from '../../../checks/alerts/rule-file.ts';
import { otlpctl } from '../../doubles/otlpctl.ts';

/** `otlpctl alerts rules` as a person runs it: the file's text and its rules. */
export async function rulesOf(...args: string[]): Promise<{ text: string; rules: PromRule[] }> {
  const { code, stdout, stderr } = await otlpctl(['alerts', 'rules', ...args]);
  if (code !== 0) throw new Error(`otlpctl alerts rules ${args.join(' ')} ended with ${code}: ${stderr}`);
  return { text: stdout, rules: (parse(stdout) as RuleFile).groups[0]!.rules };
}

/** The same file in a world sixty times as fast: ranges and `for` as seconds where they were minutes. */
export const faster = (text: string): string => text.replaceAll(/\[(\d+)m\]/g, '[$1s]').replaceAll(/^(\s+for: \d+)m$/gm, '$1s');

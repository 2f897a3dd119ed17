import type { Rule } from '../../rule.ts';

/** Causes whose ids are promised and that no rule can prove yet, each with what it means. A rule that comes takes its entry's place. */
export const COMING_DIAGNOSES: readonly Pick<Rule, 'id' | 'scope' | 'status' | 'heading' | 'meaning'>[] = [
  {
    id: 'configuration-drift',
    scope: 'target',
    status: 'ok',
    heading: 'Update Configuration',
    meaning:
      'The live configuration differs from the file that was given to compare it with. The live one counts; which of them is meant, only a person knows.',
  },
  {
    id: 'topic-under-partitioned',
    scope: 'target',
    status: 'warning',
    heading: 'Issue 4: Processing Lag Building Up',
    meaning:
      'A topic has fewer partitions than its consumers need to keep up. The connector itself writes with one task, whatever their number.',
  },
];

import { defineRule } from '../rule.ts';
import type { View } from '../rule.ts';
import { remedy } from '../derive/remedy.ts';
import { list } from '../derive/words.ts';
import { worst } from '../report.ts';

/** Steps that fail and that no cause accounts for: a report with one of them is never ok. */
const failing = ({ verdicts, explained }: View): string[] =>
  Object.keys(verdicts).filter((id) => ['warning', 'critical'].includes(verdicts[id]!.status) && explained?.has(id) !== true);

export const unexplained = defineRule({
  id: 'unexplained',
  layer: 'traffic',
  scope: 'target',
  status: 'critical',
  explains: [],
  afterOthers: true,
  heading: 'Contact and Escalation',
  meaning:
    'Something was seen that should not be so, and none of the causes that doctor knows accounts for it. What was seen stands in the evidence; the cause is for a person to find.',
  when(view) {
    const ids = failing(view);
    const first = view.verdicts[ids[0] ?? ''];
    if (first === undefined) return undefined;
    const more = ids.length === 1 ? '' : ` (also ${list(ids.slice(1))})`;
    return {
      sentence: `No known cause accounts for this${more}: ${first.sentence}`,
      evidence: ids.flatMap((id) => view.verdicts[id]!.evidence),
      status: worst(ids.map((id) => view.verdicts[id]!.status)),
    };
  },
  remedies: (view) => failing(view).map((id) => remedy(`Read what ${id} looks at, and why.`, `otlpctl explain ${id}`)),
});

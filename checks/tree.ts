import type { Facts } from './facts/index.ts';
import { seen } from './facts/index.ts';
import { flowOf } from './derive/series.ts';
import type { PathStep, Verdict } from './report.ts';

/**
 * The runbook's decision tree as a table, answered from the verdicts: the path shown to the reader, never the judge.
 * The first three questions and the last branch on `no`, the two about queues and lag on `yes`, as the runbook asks them.
 */
export type Question = {
  step: string;
  question: string;
  /** the answer that leaves the tree, and the heading it leads to */
  branch: 'yes' | 'no';
  leads: string;
};

export const TREE: readonly Question[] = [
  { step: 'connector-state', question: 'connector RUNNING', branch: 'no', leads: 'Issue: Connector Not Running' },
  { step: 'receiver-ports', question: 'receivers listening', branch: 'no', leads: 'Issue 1: OTLP Receivers Not Listening' },
  { step: 'message-intake', question: 'messages received', branch: 'no', leads: 'Issue 2: No Messages Received' },
  { step: 'queue-utilization', question: 'queues near capacity', branch: 'yes', leads: 'Issue 3: High Message Drop Rate' },
  { step: 'produce-lag', question: 'Kafka write lagging', branch: 'yes', leads: 'Issue 4: Processing Lag Building Up' },
  { step: 'log-lines', question: 'log free of errors', branch: 'no', leads: 'Common Issues' },
];

type Answer = PathStep['answer'];
const OTHER: Readonly<Record<'yes' | 'no', Answer>> = { yes: 'no', no: 'yes' };

/** Stillness without an expectation is neither a yes nor a no to "are messages being received". */
const isIdle = (facts: Facts): boolean => flowOf(seen(facts, 'metrics'))?.offered === 0;

function answerOf(question: Question, verdict: Verdict | undefined, facts: Facts): Answer {
  if (verdict === undefined || verdict.status === 'unknown' || verdict.status === 'skipped') return 'unknown';
  if (verdict.status !== 'ok') return question.branch;
  return question.step === 'message-intake' && isIdle(facts) ? 'unknown' : OTHER[question.branch];
}

/** Up to and including the first answer that branches; an unknown never does. */
export function pathOf(verdicts: Readonly<Record<string, Verdict>>, facts: Facts): PathStep[] {
  const answers = TREE.map((question) => ({ question, answer: answerOf(question, verdicts[question.step], facts) }));
  const end = answers.findIndex(({ question, answer }) => answer === question.branch);
  return answers.slice(0, end < 0 ? answers.length : end + 1).map(({ question, answer }) => ({ step: question.step, answer }));
}

import type { Evidence } from '../report.ts';

/** The ids of contract's client causes, and the one of the connector that a client can meet. */
export const CLIENT_CAUSES = [
  'client-not-exporting',
  'client-protocol-mismatch',
  'client-wrong-path',
  'client-wrong-address',
  'client-proxy',
  'client-rejected',
  'receiver-disabled',
] as const;
export type ClientCause = (typeof CLIENT_CAUSES)[number];

/** What is wrong in a client, judged against this target. `set`: lines for its environment that put it right. */
export type ClientProblem = {
  id: ClientCause;
  sentence: string;
  evidence: Evidence[];
  cure: string;
  set: string[];
  /** ok: said, and no finding */
  status?: 'ok';
};

/** An earlier run of an action, as the audit has it. */
export type PastRun = {
  run: string;
  action: string;
  connector: string | null;
  connectUrl: string | null;
  /** milliseconds since the epoch */
  at: number;
  /** null: it never said how it ended */
  outcome: string | null;
  /** the process that did it, and where */
  pid: number;
  host: string;
  /** something left */
  sent: boolean;
  /** the connector's configuration before it; secrets are tokens */
  config: Readonly<Record<string, string>> | null;
};

import type { OverallStatus } from '../checks/report.ts';

/** The only place where exit codes are decided. Source: Monitoring Plugins guidelines, "Plugin Return Codes". */
export const EXIT = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const satisfies Record<OverallStatus, number>;
export type ExitCode = (typeof EXIT)[OverallStatus];

/** The same in every format, for every command that judges. */
export const exitCodeOf = (status: OverallStatus): ExitCode => EXIT[status];

/** Wrong usage, internal errors and our own deadline: a monitoring system must not take them for a fault of the target. */
export const EXIT_OF_ERRORS = EXIT.unknown;

/** How an action ended. done: the promised state was seen; not-seen: it was not; not-tried: nothing was sent. */
export const OUTCOMES = ['done', 'not-seen', 'not-tried'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Source: contract, "Exit codes": of actions. */
export const EXIT_OF_OUTCOME = { done: EXIT.ok, 'not-seen': EXIT.critical, 'not-tried': EXIT.unknown } as const satisfies Record<
  Outcome,
  ExitCode
>;

import type { Fact, FactId, FactValues, Failed, Json, Seen, TargetFact, Unasked } from '../facts/index.ts';
import type { Credentials, Settings, Target, TlsFiles } from '../target.ts';

/**
 * A probe looks at one source and says what it saw; it judges nothing. The gatherer (checks/gather.ts) gives it a `Look`, turns its answers
 * into facts (id, at, ms), and is the only one that catches.
 */
type Bare<T> = Omit<T, 'id' | 'source' | 'at' | 'ms' | 'assumed'>;

/** The world's no: refused, hung, cut, ... */
export type FailedOutcome = Bare<Failed>;
/** Ours: could not or need not look. */
export type UnaskedOutcome = Bare<Unasked>;
export type Outcome<T> = Bare<Seen<T>> | FailedOutcome | UnaskedOutcome;

/** `source`: how it was asked, without credentials: `GET http://localhost:8083/connectors`. `assumed`: the address was a guess. */
export type Answer<T> = Outcome<T> & { source: string; assumed?: true };

/** One answer for each fact that the probe gives; one left out becomes `skipped`. */
export type Answers = { [Id in FactId]?: Answer<FactValues[Id]> };

export type AskRequest = {
  url: URL;
  /** GET unless `json` or `body` is given */
  method?: 'GET' | 'POST';
  /** body of a POST */
  json?: Json;
  /** body of a POST that is no JSON of ours */
  body?: { type: string; bytes: Buffer };
  auth?: Credentials;
  /** PEM texts for https */
  tls?: TlsFiles;
  /** headers beside Accept, Authorization and the body's; values never appear in facts */
  headers?: Readonly<Record<string, string>>;
  /** the answer may be this long; a longer one is `malformed`. Default 1 MiB */
  maxBytes?: number;
  /** from now to the last byte, milliseconds; default the look's deadlineMs, and never beyond the look's own end */
  deadlineMs?: number;
  /** gives this one exchange up earlier than the look */
  signal?: AbortSignal;
  /** a connection of its own, closed politely after the answer */
  alone?: true;
};

/** Any complete HTTP answer, whatever its status. `text` is the body as UTF-8. */
export type Reply = { status: number; contentType?: string; headers: Readonly<Record<string, string>>; text: string };

/** One HTTP exchange, counted. Never throws for what the world does: a refusal, a hang, a cut answer come back as failures. */
export type Ask = (request: AskRequest) => Promise<{ value: Reply } | FailedOutcome>;

export type Look = {
  target: Target;
  settings: Settings;
  ask: Ask;
  /** aborted when the probe's deadline or the run's time-out comes: hand back what there is */
  signal: AbortSignal;
  /** for one exchange: min(3 s, time-out / 3) */
  deadlineMs: number;
  /** how much of settings.windowMs still fits into the run, measured when it is read: read it once, when sampling begins; 0 unless `windowed` */
  readonly windowMs: number;
  /** says that one exchange was made; `ask` does it by itself */
  count(): void;
  /** this machine's addresses, to tell a local worker */
  localAddresses: readonly string[];
  /** another probe's fact, made once a run; waits for it. The run's own fact is made last and cannot be asked for */
  fact<Id extends Exclude<FactId, 'run'>>(id: Id): Promise<Fact<FactValues[Id]>>;
  /**
   * Where to look, without waiting for a slow Connect: the target as resolved, or after a short grace with assumed places while
   * REST is still silent. Most probes want `atTarget` (checks/probes/at-target.ts), which looks again when REST then names others.
   */
  early(): Promise<TargetFact>;
};

export type Probe = {
  gives: readonly FactId[];
  /** facts that are there before the look begins, so that waiting for them is not taken off its deadline; read with look.fact */
  needs?: readonly FactId[];
  /** facts that the look may wait for by itself (look.fact, look.early, atTarget) */
  uses?: readonly FactId[];
  /** watches look.windowMs: may last until the run's end */
  windowed?: true;
  /** how many exchanges or waits of look.deadlineMs each may follow one another. Default 1; a look by atTarget needs 2 more */
  rounds?: number;
  /** Throws only when it could not ask (no permission, a tool missing): that becomes `unknown` with the error's message. */
  look(look: Look): Promise<Answers>;
};

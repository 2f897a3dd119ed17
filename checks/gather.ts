import { networkInterfaces } from 'node:os';
import type { Fact, FactId, Facts, FactValues, RunFact, TargetFact } from './facts/index.ts';
import { isSeen } from './facts/index.ts';
import { FACT_IDS } from './facts/index.ts';
import { openHttp } from './probes/ask.ts';
import { PROBES } from './probes/all.ts';
import { deadline } from './probes/deadline.ts';
import { duration } from './probes/excerpt.ts';
import type { Answer, Answers, Look, Probe } from './probes/probe.ts';
import { resolveTarget } from './probes/target.ts';
import { redactJson } from './redact.ts';
import type { Settings, Target } from './target.ts';

/** design.md, "The flow": a hang is a fact and not our time-out. */
const MOST_DEADLINE_MS = 3000;
/** How long REST may be silent before the usual places are looked at in the meantime. */
const GRACE_MS = 300;
/** For a look to hand back what it has once its signal is aborted. */
const HANDBACK_MS = 150;

/** Proxy variables as curl and grpc read them: in either case. */
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'grpc_proxy'].flatMap((name) => [name, name.toUpperCase()]);

type Answered = { answers: Answers; at: number; ms: number };

/**
 * Looks once at everything that the probes give, concurrently, and returns one fact for every id: those without a probe or an answer are `skipped`.
 * Ends within settings.timeoutMs + 0.3 s whatever hangs; then what is finished is kept. Never rejects for what a probe does.
 */
export async function gather(target: Target, settings: Settings, probes: readonly Probe[] = PROBES): Promise<Facts> {
  const began = performance.now();
  const startedAt = settings.now();
  const elapsed = (): number => performance.now() - began;
  const deadlineMs = Math.min(MOST_DEADLINE_MS, settings.timeoutMs / 3);
  const localAddresses = addressesOfThisMachine();
  const http = openHttp();
  const run = { requests: 0, windowCutMs: undefined as number | undefined };
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), settings.timeoutMs);
  const giveUp = (): void => end.abort();
  settings.signal?.addEventListener('abort', giveUp);
  const count = (): void => void run.requests++;

  const looks = new Map<Probe, Promise<Answered>>();
  const facts = new Map<FactId, Promise<Fact<unknown>>>();

  const fact = <Id extends FactId>(id: Id): Promise<Fact<FactValues[Id]>> => {
    const made = facts.get(id) ?? make(id);
    facts.set(id, made);
    return made as Promise<Fact<FactValues[Id]>>;
  };

  const make = async (id: FactId): Promise<Fact<unknown>> => {
    const probe = probes.find((one) => one.gives.includes(id));
    if (probe === undefined) return { id, source: id, at: startedAt, ms: 0, unasked: 'skipped', reason: 'not looked at in this run' };
    const looking = looks.get(probe) ?? walk(probe);
    looks.set(probe, looking);
    const { answers, at, ms } = await looking;
    const answer: Answer<unknown> = answers[id] ?? { source: id, unasked: 'skipped', reason: 'there was nothing to look at' };
    return redactJson({ id, ...answer, at, ms } as never) as Fact<unknown>;
  };

  /** Waits for what the probe needs, then looks; the wait is not taken off its deadline. */
  const walk = async (probe: Probe): Promise<Answered> => {
    const needs = Promise.all((probe.needs ?? []).map((id) => fact(id)));
    const at = (): number => startedAt + Math.round(elapsed());
    const waited = await within(needs, settings.timeoutMs - elapsed());
    if (waited === LATE) return { answers: forAll(probe, tooLate(probe, settings)), at: at(), ms: 0 };
    const [lookAt, lookBegan] = [at(), performance.now()];
    const answers = await lookOnce(probe);
    return { answers, at: lookAt, ms: Math.round(performance.now() - lookBegan) };
  };

  const lookOnce = async (probe: Probe): Promise<Answers> => {
    const leftMs = Math.max(settings.timeoutMs - elapsed(), 0);
    // The exchanges inside keep to deadlineMs each; this one only holds a probe that does not keep to anything.
    const limitMs = probe.windowed === true ? leftMs : Math.min(leftMs, deadlineMs * (probe.rounds ?? 1) + GRACE_MS);
    const own = new AbortController();
    const signal = AbortSignal.any([end.signal, own.signal]);
    const callOff = deadline(limitMs, () => own.abort());
    const look: Look = {
      target,
      settings,
      ask: (request) => http.ask(request, { signal, deadlineMs, count }),
      signal,
      deadlineMs,
      get windowMs() {
        if (probe.windowed !== true) return 0;
        const fits = Math.max(Math.min(settings.windowMs, settings.timeoutMs - elapsed() - deadlineMs), 0);
        if (fits < settings.windowMs) run.windowCutMs = Math.min(Math.round(fits), run.windowCutMs ?? Infinity);
        return fits;
      },
      count,
      localAddresses,
      fact,
      early,
    };
    try {
      const answers = await within(
        Promise.resolve().then(() => probe.look(look)),
        limitMs + HANDBACK_MS,
      );
      return answers === LATE ? forAll(probe, hung(limitMs)) : answers;
    } catch (error) {
      return forAll(probe, couldNot(error));
    } finally {
      callOff();
      own.abort();
    }
  };

  const early = async (): Promise<TargetFact> => {
    const soon = await within(fact('target'), GRACE_MS);
    return soon !== LATE && isSeen(soon) ? soon.value : resolveTarget(target, settings.env, localAddresses);
  };

  try {
    const ids = FACT_IDS.filter((id) => id !== 'run');
    const pending = new Set<FactId>(ids);
    const made = await Promise.all(
      ids.map(async (id) => {
        const one = await fact(id);
        pending.delete(id);
        settings.onPending?.([...pending]);
        return one;
      }),
    );
    const value: RunFact = {
      otlpctl: settings.version,
      startedAt,
      durationMs: Math.round(elapsed()),
      timeoutMs: settings.timeoutMs,
      windowMs: settings.windowMs,
      ...(run.windowCutMs === undefined ? {} : { windowCutMs: run.windowCutMs }),
      requests: run.requests,
      expect: [...settings.expect],
      proxyVariables: PROXY_VARIABLES.filter((name) => (settings.env[name] ?? '') !== ''),
      localAddresses: [...localAddresses],
      given: [...settings.given],
    };
    const runFact = { id: 'run', source: 'otlpctl', at: startedAt, ms: value.durationMs, value };
    return Object.fromEntries([['run', runFact], ...ids.map((id, at) => [id, made[at]])]) as Facts;
  } finally {
    clearTimeout(timer);
    settings.signal?.removeEventListener('abort', giveUp);
    end.abort();
    http.close();
  }
}

/** The probes that give these facts, with those that they depend on: a look at one thing asks no more than it must. */
export function probesFor(ids: readonly FactId[], probes: readonly Probe[] = PROBES): Probe[] {
  const wanted = new Set<Probe>();
  const want = (id: FactId): void => {
    const probe = probes.find((one) => one.gives.includes(id));
    if (probe === undefined || wanted.has(probe)) return;
    wanted.add(probe);
    [...(probe.needs ?? []), ...(probe.uses ?? [])].forEach(want);
  };
  ids.forEach(want);
  return probes.filter((probe) => wanted.has(probe));
}

const LATE = Symbol('late');

/** A promise's value, or LATE when it does not come in time; leaves no timer behind. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let callOff = (): void => undefined;
  const late = new Promise<typeof LATE>((resolve) => (callOff = deadline(Math.max(ms, 0), () => resolve(LATE))));
  try {
    return await Promise.race([promise, late]);
  } finally {
    callOff();
  }
}

const addressesOfThisMachine = (): string[] =>
  Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));

const forAll = (probe: Probe, answer: (id: FactId) => Answer<never>): Answers =>
  Object.fromEntries(probe.gives.map((id) => [id, answer(id)]));

const hung =
  (ms: number) =>
  (id: FactId): Answer<never> => ({ source: id, failure: 'timeout', detail: `not answered in ${duration(ms)}` });

const couldNot =
  (error: unknown) =>
  (id: FactId): Answer<never> => ({
    source: id,
    unasked: 'unknown',
    reason: (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim(),
  });

const tooLate =
  ({ needs = [] }: Probe, { timeoutMs }: Settings) =>
  (id: FactId): Answer<never> => ({
    source: id,
    unasked: 'unknown',
    reason: `the time-out of ${duration(timeoutMs)} came while this look waited for ${needs.join(', ')}`,
  });

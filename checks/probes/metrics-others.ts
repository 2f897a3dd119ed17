import type { OtherSource, Sample } from '../facts/index.ts';
import { ATTRIBUTES } from '../../proto/vocabulary/attributes.ts';
import type { Found, None, Read } from './metrics-search.ts';
import type { Look } from './probe.ts';

/** What else was given beside the source that is used; `check`: a reading of that one, made after theirs to compare them. */
export type Others = { others?: OtherSource[]; check?: Sample };

/**
 * Counters only grow: those of another source of the same connector lie between a reading before it and one after it. Where they differ at all, the source
 * that costs little (HTTP, not a JVM) is read once more, unless the window has such a reading already.
 */
export async function lookAtOthers(look: Look, found: Exclude<Found, None>, windowed: boolean): Promise<Others> {
  const others: OtherSource[] = [];
  let check: Sample | undefined;
  for (const other of found.others ?? []) {
    const told = toldOf(other);
    others.push(told);
    const here = sampleOf(found);
    const there = told.samples[0];
    if (!('first' in other) || here === undefined || there === undefined || !differ(here, there)) continue;
    const cheap = found.source.ends === true ? other : found;
    if (cheap === found && windowed) continue;
    const at = look.settings.now();
    const again = await cheap.source.read({ signal: look.signal });
    if (!('value' in again.metrics)) continue;
    const sample = { at, values: again.metrics.value.values };
    if (cheap === found) check = sample;
    else told.samples.push(sample);
  }
  return { ...(others.length === 0 ? {} : { others }), ...(check === undefined ? {} : { check }) };
}

function toldOf(other: Read | None): OtherSource {
  if ('none' in other) return { source: other.source, samples: [], detail: 'detail' in other.none ? other.none.detail : other.none.reason };
  const { source, kind } = other.source;
  const sample = sampleOf(other);
  if (sample !== undefined) return { source, kind, samples: [sample] };
  const { metrics } = other.first;
  return { source, kind, samples: [], detail: 'failure' in metrics ? metrics.detail : 'its values bear times of their own' };
}

/** A page with times of its own tells what was so then, by another clock: it is not compared. */
function sampleOf({ source, first, at }: Read): Sample | undefined {
  if (!('value' in first.metrics) || (first.stampedAt !== undefined && source.kind !== 'jmx')) return undefined;
  return { at: first.stampedAt ?? at, values: first.metrics.value.values };
}

const COUNTERS = ATTRIBUTES.filter(({ kind }) => kind === 'counter').map(({ name }) => name);

const differ = (a: Sample, b: Sample): boolean =>
  COUNTERS.some((name) => a.values[name] !== undefined && b.values[name] !== undefined && a.values[name] !== b.values[name]);

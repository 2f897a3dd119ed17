import type { Check } from '../check.ts';
import { HEADINGS, RUNBOOK_STEPS } from './runbook-steps.ts';
import type { StepKind } from './step.ts';

/** A step as it is listed and shown. */
export type CatalogueStep = {
  id: string;
  /** where it belongs; `headings` are all that name it */
  heading: string;
  headings: string[];
  kind: StepKind;
  /** runs: the otlpctl command exists; planned: it will be called so */
  state: 'runs' | 'planned';
  title: string;
  /** the runbook's own, as it has them */
  commands: string[];
  otlpctl: string;
  note: string | null;
};

/** Commands of otlpctl that exist. A step whose command is not among them is planned. */
const EXISTING = [
  'doctor',
  'health',
  'check',
  'runbook list',
  'runbook show',
  'runbook run',
  'runbook continue',
  'explain',
  'capacity',
  'metrics',
  'logs',
  'alerts',
  'grpc list',
  'grpc describe',
  'http probe',
  'exporter-env',
  'send traces',
  'send metrics',
  'send logs',
  'connector status',
  'connector restart',
  'connector restart-task',
  'connector pause',
  'connector resume',
  'connector stop',
  'connector delete',
  'connector deploy',
  'connector config get',
  'connector config set',
  'connector config edit',
  'connector config diff',
  'connector config validate',
  'connector config rollback',
  'drain-restart',
  'loglevel',
  'debug-window',
  'shutdown',
  'topic partitions',
  'firewall allow',
  'bridge',
  'ports',
  'producer',
  'scale connectors',
  'scale brokers',
] as const;

const isExisting = (otlpctl: string): boolean => EXISTING.some((command) => `${otlpctl} `.startsWith(`otlpctl ${command} `));

/** `otlpctl check ID` runs only when there is such a check. */
function stateOf(otlpctl: string, checkIds: ReadonlySet<string>): CatalogueStep['state'] {
  const checked = /^otlpctl check ([\w-]+)/.exec(otlpctl)?.[1];
  return isExisting(otlpctl) && (checked === undefined || checkIds.has(checked)) ? 'runs' : 'planned';
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

/** The runbook's steps and, under the headings that they name, the checks that look closer than the runbook does. */
export function catalogueOf(checks: readonly Check[]): CatalogueStep[] {
  const checkIds = new Set(checks.map(({ id }) => id));
  const known = new Set(RUNBOOK_STEPS.map(({ id }) => id));
  const steps = RUNBOOK_STEPS.map(({ id, kind, title, places, otlpctl = `otlpctl check ${id}`, note }): CatalogueStep => ({
    id,
    heading: places[0].heading,
    headings: places.map(({ heading }) => heading),
    kind,
    state: stateOf(otlpctl, checkIds),
    title,
    commands: unique(places.flatMap(({ commands }) => commands)),
    otlpctl,
    note: note ?? null,
  }));
  const closer = checks
    .filter(({ id }) => !known.has(id))
    .map(({ id, heading, question, commands }): CatalogueStep => ({
      id,
      heading,
      headings: [heading],
      kind: 'check',
      state: 'runs',
      title: question,
      commands: unique(commands),
      otlpctl: `otlpctl check ${id}`,
      note: null,
    }));
  return [...steps, ...closer];
}

/** All steps by heading, in the runbook's order; a step stands under every heading that names it. Other headings come last. */
export function byHeading(steps: readonly CatalogueStep[]): { heading: string; steps: CatalogueStep[] }[] {
  const headings = unique([...HEADINGS, ...steps.flatMap((step) => step.headings)]);
  return headings
    .map((heading) => ({ heading, steps: steps.filter((step) => step.headings.includes(heading)) }))
    .filter((group) => group.steps.length > 0);
}

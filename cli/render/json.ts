import type { Renderer } from './format.ts';

const document = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The contract's document: the worst target's report; those of other connectors, when several were looked at, under `others`. */
export const renderJson: Renderer = ([first, ...others]) =>
  document({ ...first.report, ...(others.length > 0 && { others: others.map(({ report }) => report) }) });

/** `otlpctl check`: the steps asked for, without the diagnosis that only all of them allow. */
export const renderStepsJson: Renderer = ([{ report }]) => {
  const { schemaVersion, otlpctl, at, durationMs, target, status, steps } = report;
  return document({ schemaVersion, otlpctl, at, durationMs, target, status, steps });
};

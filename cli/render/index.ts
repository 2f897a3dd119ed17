import type { Renderer } from './format.ts';
import { renderJson, renderStepsJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderSteps } from './steps.ts';
import { renderText } from './text.ts';

export type { RenderOptions, Renderer, Rendering } from './format.ts';

/** Every form of a report, by the name that --format takes. Adding a form is a file here and a row. */
export const RENDERERS = { text: renderText, json: renderJson, junit: renderJunit } as const satisfies Record<string, Renderer>;
/** The same for `check`: its steps only. */
export const STEP_RENDERERS = { text: renderSteps, json: renderStepsJson, junit: renderJunit } as const satisfies Record<string, Renderer>;

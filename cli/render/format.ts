import type { Facts } from '../../checks/facts/index.ts';
import type { Report } from '../../checks/report.ts';

export type RenderOptions = { columns: number; colour: boolean; /** 0 short, 1 all steps, 2 what was asked too */ verbosity: number };
export type Rendering = { report: Report; facts: Facts };
/** Worst target first, never empty. */
export type Renderer = (renderings: readonly [Rendering, ...Rendering[]], options: RenderOptions) => string;

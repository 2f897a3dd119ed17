import type { Step } from './step.ts';
import { ABSENT } from './script/absent.ts';
import { CONFIGURE } from './script/configure.ts';
import { CREATE } from './script/create.ts';
import { LOGGERS } from './script/loggers.ts';
import { LOOK } from './script/look.ts';
import { OFFSETS } from './script/offsets.ts';
import { PLUGINS } from './script/plugins.ts';
import { REMOVE } from './script/remove.ts';
import { RESTART } from './script/restart.ts';
import { STATES } from './script/states.ts';
import { TRANSPORT } from './script/transport.ts';

/** The whole of it, in order: what a step finds is what those before it left. It begins on a worker without connectors, and ends so. */
export const SCRIPT: readonly Step[] = [
  ...ABSENT,
  ...PLUGINS,
  ...CREATE,
  ...LOOK,
  ...RESTART,
  ...CONFIGURE,
  ...STATES,
  ...OFFSETS,
  ...LOGGERS,
  ...TRANSPORT,
  ...REMOVE,
];

import { defineAction } from './action.ts';
import { changeConfig, type ConfigAsked } from './change-config.ts';
import type { Keys } from './judge-config.ts';
import { refuse } from './plan.ts';

/** Runbook "Update Configuration", without what its own file would reset. */
export const configSet = defineAction<ConfigAsked & { keys: Keys }>({
  id: 'connector config set',
  kept: true,
  plan(view) {
    const { keys } = view.input;
    if ('name' in keys) return refuse('the name of a connector cannot be changed: deploy another one and delete this');
    if (keys['connector.class'] === null) return refuse('connector.class cannot be removed: Connect would refuse the configuration');
    return changeConfig(this.id, view);
  },
});

/** The same for keys that were changed in an editor. */
export const configEdit = defineAction<ConfigAsked & { keys: Keys }>({
  id: 'connector config edit',
  kept: true,
  plan: (view) => configSet.plan(view),
});

import { CONNECTOR_CLASS } from '../../proto/vocabulary/connect.ts';
import type { Log } from '../log.ts';
import type { BridgeSettings } from '../settings.ts';
import { badInput } from '../settings/bad-input.ts';
import { RECEIVER_KEY } from '../settings/keys.ts';
import type { State } from '../state.ts';
import type { StoredConnector } from '../state/stored.ts';
import { HERDER_LOGGER } from './events.ts';
import { configurationError } from './validate.ts';
import { checkClass } from './wanted-config.ts';

/** A value that may be shown: the bridge's own keys hold no secrets, others may. */
const shown = (key: string, value: string | undefined) => (value === undefined ? 'nothing' : RECEIVER_KEY.has(key) ? value : '(not shown)');

/** Throws bad input for what the settings say of the class and of tasks.max; the other keys were looked at when they were read. */
function judge(name: string, config: Readonly<Record<string, string>>, version: BridgeSettings['connectVersion']): void {
  if (name.trim() === '') throw badInput('name is empty: give the connector one, or leave it out');
  const whole = { 'connector.class': CONNECTOR_CLASS, ...config, name };
  try {
    checkClass(whole, version, 'creation');
  } catch {
    throw badInput(`connector.class=${whole['connector.class']} is not what this bridge runs: leave it out, or give ${CONNECTOR_CLASS}`);
  }
  const error = configurationError(whole, version);
  if (error !== null) throw badInput(`the configuration of ${name} is invalid: ${error.split('\n')[1]}`);
}

/**
 * The connectors to start with. Nothing kept: one, from the settings. Otherwise those that are kept, with the keys of the settings laid over theirs as
 * PATCH would; every change is logged. A connector that is not among them (deleted over REST) is not made again.
 */
export function seedConnectors(
  state: Pick<State, 'isNew' | 'connectors' | 'directory'>,
  settings: BridgeSettings,
  log: Log,
): StoredConnector[] {
  const { name, config } = settings.connector;
  const say = (level: 'INFO' | 'WARN', message: string) => log({ level, message, logger: HERDER_LOGGER, context: `${name}|worker` });
  judge(name, config, settings.connectVersion);
  if (state.isNew) {
    const whole = { 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1', ...config, name };
    return [{ name, config: whole, wanted: 'RUNNING', tasked: false, topics: [], offsets: [] }];
  }
  const keys = Object.keys(config);
  if (keys.length > 0 && !state.connectors.some((kept) => kept.name === name))
    say(
      'WARN',
      `There is no connector ${name} among those kept in ${state.directory}: ${keys.join(', ')} have no effect. POST /connectors makes it again`,
    );
  return state.connectors.map((kept) => {
    if (kept.name !== name) return kept;
    const changed = keys.filter((key) => kept.config[key] !== config[key]);
    if (changed.length === 0) return kept;
    for (const key of changed)
      say('INFO', `Settings change ${key} of ${name} from ${shown(key, kept.config[key])} to ${shown(key, config[key])}`);
    return { ...kept, config: { ...kept.config, ...config } };
  });
}

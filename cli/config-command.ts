import { connectorView } from '../checks/derive/connector.ts';
import { missing, unreadable } from '../checks/actions/not-there.ts';
import type { Facts } from '../checks/facts/index.ts';
import { probesFor } from '../checks/gather.ts';
import { badInput } from './bad-input.ts';
import { factsOf, type Several } from './facts-of.ts';
import { LookCommand } from './look-command.ts';
import { flagsFor, formatFlag } from './option-flags.ts';
import { CONNECT_OPTIONS } from './options.ts';
import type { ReadOptions } from './read-options.ts';

const NAMES = [...CONNECT_OPTIONS, 'timeout'] as const;

export const CONFIG_FLAGS = { ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

/** A command that looks at the configuration of a connector and changes nothing. */
export abstract class BaseConfigCommand extends LookCommand {
  /** Connect as it can be read; throws one sentence when it cannot. */
  protected async seeing(
    flags: Record<string, unknown>,
    several: Several,
    connector?: string,
  ): Promise<{ facts: Facts; options: ReadOptions }> {
    const read = this.options(NAMES, flags);
    const options =
      connector === undefined || read.values.connector !== undefined ? read : { ...read, values: { ...read.values, connector } };
    const [facts] = await this.looking((world) =>
      factsOf(options, { ...world, probes: probesFor(['rest.list', 'rest.root', 'rest.health', 'target']) }, several),
    );
    const no = unreadable(facts);
    if (no !== undefined) throw badInput(no.refused, no.hint);
    return { facts, options };
  }

  /** The live configuration, its secrets as tokens. */
  protected async live(flags: Record<string, unknown>, connector?: string): Promise<{ name: string; config: Record<string, string> }> {
    const { facts } = await this.seeing(flags, 'refuse', connector);
    const no = missing(facts);
    if (no !== undefined) throw badInput(no.refused, no.hint);
    const { name, config } = connectorView(facts);
    if (name === null || config === null) throw badInput('the configuration could not be read', 'see otlpctl doctor');
    return { name, config };
  }
}

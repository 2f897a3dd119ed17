import { BaseCommand } from '../base-command.ts';
import { HEALTH_OPTIONS } from '../health.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';

const NAMES = HEALTH_OPTIONS.filter((name) => name !== 'format');

export default class Health extends BaseCommand {
  static override summary = 'Looks once and says in one line how the target is, for monitoring systems.';
  static override description =
    'One line with perfdata after the Monitoring Plugins guidelines. Exit code: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.';
  static override examples = [
    '<%= config.bin %> health --connect-url http://connect:8083',
    '<%= config.bin %> health --previous "$SERVICEPERFDATA$" --previous-at $LASTSERVICECHECK$',
  ];
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('nagios', 'json') };

  /** The bin does not come here: it calls the same entry without oclif. */
  async run(): Promise<void> {
    const { runHealth } = await import('../health-entry.ts');
    this.parsed = true;
    await runHealth(this.argv);
  }
}

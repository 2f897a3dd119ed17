import { Flags } from '@oclif/core';
import { FIREWALL_TOOLS } from '../../../checks/actions/outside.ts';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';

export default class FirewallAllow extends ActionCommand {
  static override summary = "Opens the receivers' ports in the firewall of this machine.";
  static override description = `As root only; otherwise the commands are printed. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --tool firewalld --yes',
  ];
  static override flags = { tool: Flags.option({ options: FIREWALL_TOOLS, summary: 'ufw or firewalld [ufw]' })(), ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(FirewallAllow);
    const input = { tool: flags.tool ?? 'ufw', isRoot: process.getuid?.() === 0, isPlan: flags['dry-run'] === true };
    await this.act('firewall allow', input, flags);
  }
}

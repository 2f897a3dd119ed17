import { differences, laidOver } from '../../../../checks/actions/differences.ts';
import { connectorView } from '../../../../checks/derive/connector.ts';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../../action-command.ts';
import { askConfig } from '../../../acting/ask-config.ts';
import { edited } from '../../../acting/editor.ts';

export default class ConnectorConfigEdit extends ActionCommand {
  static override summary = 'Opens the live configuration in an editor ($VISUAL, $EDITOR) and changes what was changed there.';
  static override description = `Secrets are shown as tokens; a token that is left alone leaves the secret as it is. ${ACTION_EXITS}`;
  static override examples = ['<%= config.bin %> <%= command.id %>', 'EDITOR=nano <%= config.bin %> <%= command.id %> --reason INC-1042'];
  static override flags = { ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorConfigEdit);
    await this.act(
      'connector config edit',
      async (facts, client) => {
        const shown = connectorView(facts).config;
        // The plan says in one sentence why there is none.
        if (shown === null) return { keys: {}, live: null, objections: [], known: null };
        const keys = differences(shown, await edited(shown, this.surroundings.env, this.hasTerminal()));
        return { keys, ...(await askConfig(facts, client, (live) => laidOver(live, keys))) };
      },
      flags,
    );
  }
}

import { defineRule } from '../rule.ts';
import { connectorView } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { findings } from '../derive/log.ts';
import { troublesByHand } from '../derive/log-by-hand.ts';
import { remedy } from '../derive/remedy.ts';
import { count, oneLine } from '../derive/words.ts';
import { seen } from '../facts/index.ts';

export const logErrors = defineRule({
  id: 'log-errors',
  layer: 'task',
  scope: 'target',
  status: 'warning',
  explains: ['log-lines'],
  heading: 'Common Log Messages',
  meaning:
    'The log has ERROR lines, or warnings of the connector itself, since the task started that are not known to be harmless and that no other diagnosis explains.',
  when({ facts }) {
    const log = seen(facts, 'log');
    const found = log === undefined ? [] : findings(log);
    const first = found[0];
    // Without a connector of that name the worker's lines are those of others.
    if (log === undefined || first === undefined || connectorView(facts).existence === 'absent') return undefined;
    const lines = found.reduce((sum, trouble) => sum + trouble.count, 0);
    const kinds = found.length === 1 ? '' : ` of ${found.length} kinds`;
    return {
      sentence: `The log has ${count(lines)} unexplained ${first.level} ${lines === 1 ? 'line' : 'lines'}${kinds} since the task started: ${oneLine(first.message, 140)}${first.cause === undefined ? '' : ` (${oneLine(first.cause, 100)})`}.`,
      evidence: found.slice(0, 5).map((trouble) => quote(facts, 'log', `troubles.${log.troubles.indexOf(trouble)}.message`)),
    };
  },
  remedies: ({ facts }) => [remedy('Read them in their place.', troublesByHand(facts, '-nE'))],
});

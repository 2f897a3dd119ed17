import { defineCheck } from '../check.ts';
import { connectorCall } from '../derive/commands.ts';
import { configValue, connectorView } from '../derive/connector.ts';
import { invalidKeys } from '../derive/configuration.ts';
import { quote } from '../derive/evidence.ts';
import { LABEL, TRANSPORTS } from '../derive/receivers.ts';
import { fail, pass, without } from '../derive/verdict.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import { seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const connectorConfiguration = defineCheck({
  id: 'connector-configuration',
  heading: 'Issue: Connector Not Running',
  question: 'Is the live configuration one that the connector can start with?',
  why: 'A bad port, an unknown format or both receivers switched off keep the connector from starting. A key that is not there has its default: an update that leaves keys out resets them.',
  needs: ['target', 'rest.list'],
  commands: [
    'curl -s http://localhost:8083/connectors/<name>/config',
    'kafka-topics --bootstrap-server localhost:9092 --describe --topic otlp-traces',
  ],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const view = connectorView(facts);
  if (view.config === null)
    return view.existence === 'absent'
      ? { status: 'skipped', sentence: 'Configuration: the connector does not exist.', evidence: [] }
      : without(facts, 'rest.list', 'Configuration');
  const value = (key: string): string => configValue(facts, key) ?? '';
  const wrong = invalidKeys(view.config, seen(facts, 'target')?.kind);
  const evidence = [quote(facts, 'target', 'config')];
  if (wrong.length > 0)
    return fail({
      sentence: `${wrong.map((w) => w.sentence).join('; ')}.`,
      expected: 'values that the connector accepts',
      byHand: connectorCall(facts, 'GET', '/config'),
      evidence,
    });
  const ports = TRANSPORTS.map(
    (t) => `${LABEL[t]} ${value(`otlp.${t}.enabled`).toLowerCase() === 'false' ? 'off' : value(`otlp.${t}.port`)}`,
  );
  return pass(
    `${ports.join(', ')} on ${value('otlp.bind.address')}, queues of ${value('otlp.message.queue.size')}, records as ${value('otlp.message.format')} to ${SIGNALS.map((s) => value(SIGNAL[s].topicKey)).join(', ')}.`,
    ...evidence,
  );
}

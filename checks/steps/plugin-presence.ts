import { defineCheck } from '../check.ts';
import { connectUrl, curl } from '../derive/commands.ts';
import { isOtlpClass } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { fail, pass, without } from '../derive/verdict.ts';
import { seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const pluginPresence = defineCheck({
  id: 'plugin-presence',
  heading: 'Issue: Connector Not Running',
  question: "Is the connector's plug-in installed on the worker?",
  why: 'Without the plug-in the worker cannot make the connector, whatever its configuration says; the list shows the installed version too.',
  needs: ['rest.plugins'],
  commands: ['Missing dependencies (ClassNotFoundException)'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const plugins = seen(facts, 'rest.plugins');
  if (plugins === undefined) return without(facts, 'rest.plugins', 'Plug-ins');
  const own = plugins.find((plugin) => isOtlpClass(plugin.class));
  if (own !== undefined)
    return pass(
      `${own.class}${own.version === undefined ? '' : ` ${own.version}`} is installed.`,
      quote(facts, 'rest.plugins', String(plugins.indexOf(own))),
    );
  return fail({
    sentence: `The worker has ${plugins.length} plug-ins, and the OpenTelemetry source is not among them.`,
    expected: 'io.conduktor.connect.otel.OpenTelemetrySourceConnector',
    byHand: curl(`${connectUrl(facts)}/connector-plugins`),
    evidence: [
      quote(
        facts,
        'rest.plugins',
        '',
        plugins.slice(0, 20).map((plugin) => plugin.class),
      ),
    ],
  });
}

import { defineCheck } from '../check.ts';
import { judgeReceiver } from '../derive/receiver-verdict.ts';
import { at } from '../derive/receivers.ts';

export const httpEndpoint = defineCheck({
  id: 'http-endpoint',
  heading: 'OTLP Endpoint Testing',
  question: 'Does an OTLP/HTTP receiver answer on the HTTP port?',
  why: 'A GET writes nothing. 405 is the right answer to it: the receiver takes POST only, so neither 200 nor 400 is to be had without sending data.',
  needs: ['receiver.http', 'target', 'host.listeners'],
  commands: [
    'curl -v http://localhost:4318/v1/traces',
    'lsof -i :4318',
    'curl -v http://localhost:4318/v1/metrics',
    'curl -v http://localhost:4318/v1/logs',
  ],
  evaluate: (facts) => judgeReceiver(facts, 'http', '405 to a GET', (view) => `curl -si http://${at(view)}/v1/traces`),
});

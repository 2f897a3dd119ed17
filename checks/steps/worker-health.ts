import { defineCheck } from '../check.ts';
import { connectUrl, curl } from '../derive/commands.ts';
import { quote } from '../derive/evidence.ts';
import { span } from '../derive/words.ts';
import { cannot, fail, pass, without } from '../derive/verdict.ts';
import { healthOf, kafkaGone } from '../derive/worker.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const workerHealth = defineCheck({
  id: 'worker-health',
  heading: 'Contact and Escalation',
  question: 'Is the Connect worker well?',
  why: 'GET /health goes through the thread that talks to Kafka, GET /status does not: a worker that lost Kafka shows RUNNING at once and takes ten seconds to say that it is unhealthy.',
  needs: ['rest.health', 'rest.list'],
  commands: ['Check Kafka Connect worker logs'],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const health = healthOf(facts);
  const message = seen(facts, 'rest.health')?.message ?? '';
  const said = message === '' ? '' : `: ${message}`;
  const evidence = [quote(facts, 'rest.health')];
  const byHand = curl(`${connectUrl(facts)}/health`, '-i', '-m', '15');
  const expected = '200 from GET /health';
  if (health === 'healthy') return pass(`The worker says that it is healthy${said}`, ...evidence);
  if (health === 'starting') return fail({ sentence: `The worker is still starting${said}`, expected, byHand, evidence });
  if (health === 'unhealthy') return fail({ sentence: `The worker says that it is unhealthy${said}`, expected, byHand, evidence });
  if (health === 'unknown') return without(facts, 'rest.health', "The worker's health");
  if (seen(facts, 'rest.list') === undefined) return cannot('The worker answers neither GET /health nor the rest of REST.', ...evidence);
  const sentence = `GET /health has no answer in ${span(facts['rest.health'].ms)} while the rest of REST answers at once: the thread that talks to Kafka is held up`;
  return kafkaGone(facts) === undefined
    ? { ...cannot(`${sentence}.`, ...evidence), expected, byHand }
    : fail({ sentence: `${sentence}.`, expected, byHand, evidence });
}

import { CONTENT_TYPE, type Message } from '../message.ts';
import type { Destination } from './sink.ts';

/** Kafka's own rule for topic names. It leaves nothing that a file name could be led astray with. */
export function topicFault(topic: string): string | null {
  if (topic === '' || topic === '.' || topic === '..') return `"${topic}" is not a topic name`;
  if (topic.length > 249) return `the topic name is ${topic.length} characters long, Kafka's limit is 249`;
  return /^[A-Za-z0-9._-]+$/.test(topic)
    ? null
    : `topic ${JSON.stringify(topic)} holds a character other than letters, digits, ".", "_" and "-"`;
}

const fields = (topic: string, { signal, encoding, receivedAt, body }: Message): string =>
  `"timestamp":${receivedAt},"topic":"${topic}","headers":{"signal":"${signal}","content-type":"${CONTENT_TYPE[encoding]}"},"value":"${body.toString('base64')}"`;

/** One message as a line of JSON: the record that Kafka would get, its value in base64. */
export const recordLine = (topic: string, message: Message): string => `{${fields(topic, message)}}\n`;

/** The same, and the form that its record is to have once it is delivered. */
export const spilledLine = ({ topic, format }: Destination, message: Message): string =>
  `{${fields(topic, message)},"format":"${format}"}\n`;

/** Lines are ASCII by construction, and this is the quickest way to their bytes. */
export const recordLines = (topic: string, batch: readonly Message[]): Buffer =>
  Buffer.from(batch.map((message) => recordLine(topic, message)).join(''), 'latin1');

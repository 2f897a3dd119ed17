import type { createRequire } from 'node:module';
import { crc32C } from './crc32c.ts';
import { createFrames } from './frames.ts';
import { produceFrame, type ProduceOrder, type Tools } from './produce.ts';

/** The release that is mended here. Another one is looked at again by somebody before it is used. */
export const VERSION = '2.2.4';

/** What the library is made to say of a quota; it says nothing that can be read otherwise. */
export const THROTTLED = 'throttled';
const AGAIN_MS = 10;

type Queue = {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  logger: { warn(message: string, extra: object): void };
};
type QueuePrototype = {
  scheduleCheckPendingRequests(this: Queue): void;
  maybeThrottle(this: Queue, ms: number | null): void;
};

/** As much of kafkajs's request objects as is used here. */
type Request = { apiKey: number; apiVersion: number; frame?: (correlationId: number, clientId: string) => Promise<Buffer> };
type Sent = { correlationId: number; clientId: string; request: Request };
type FullOrder = ProduceOrder & { transactionalId?: string | null; producerId?: { toString(): string } };
type Response = { decode: (bytes: Buffer) => Promise<unknown> };
type Version = (order: FullOrder) => { request: Request; response: Response };
type Produce = { versions: readonly string[]; protocol: (of: { version: string | number }) => Version };
type Codec = { compress(encoder: { buffer: Buffer }): Promise<Buffer> };

/** First and last version in which a request holds record batches, and which the library knows. */
const [FIRST, LAST] = [3, 7] as const;

const changed = (what: string): Error =>
  new Error(
    `kafkajs is not as bridge/sinks/kafka/mend.ts expects: ${what}. Install kafkajs ${VERSION}, as package-lock.json has it, or look at the new one first`,
  );

/**
 * kafkajs 2.2.4 arms a timer with a negative delay after every answer, for ever: Node.js 24 warns of it, and an idle producer takes 5 % of a core
 * (kafkajs issues 1751 and 1704). A timer is needed only where something waits.
 */
function mendRequestQueue({ prototype }: { prototype: QueuePrototype }): void {
  const throttle = prototype.maybeThrottle;
  if (typeof throttle !== 'function' || typeof prototype.scheduleCheckPendingRequests !== 'function')
    throw changed('its request queue has no maybeThrottle and scheduleCheckPendingRequests');
  prototype.scheduleCheckPendingRequests = function () {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const waitMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      waitMs > 0 ? waitMs : AGAIN_MS,
    );
  };
  prototype.maybeThrottle = function (ms) {
    if (ms !== null && ms > 0) this.logger.warn(THROTTLED, { throttleMs: ms });
    throttle.call(this, ms);
  };
}

/** Requests to produce are made by produce.ts; those of producers with an id, which the bridge has not, stay the library's. */
export function mendProduce(produce: Produce, tools: Tools): void {
  const original = produce.protocol;
  if (typeof original !== 'function' || Math.max(...produce.versions.map(Number)) !== LAST)
    throw changed(`its newest version of Produce is ${produce.versions.at(-1)} and not ${LAST}`);
  produce.protocol = ({ version }) => {
    const make = original({ version });
    if (Number(version) < FIRST) return make;
    return (order) => {
      const { request, response } = make(order);
      const hasId = (order.transactionalId ?? null) !== null || String(order.producerId ?? -1) !== '-1';
      if (hasId) return { request, response };
      let free = () => {};
      const frame: Request['frame'] = async (correlationId, clientId) => {
        const made = await produceFrame(order, { apiVersion: request.apiVersion, correlationId, clientId }, tools);
        free = made.free;
        return made.buffer;
      };
      // Who answers has read all of it.
      const decode: Response['decode'] = (bytes) => {
        free();
        return response.decode(bytes);
      };
      return { request: { ...request, frame }, response: { ...response, decode } };
    };
  };
}

/**
 * Changes kafkajs in memory, before any of it is used: nothing on disk is touched, and nobody else's copy of it. It is what makes the bridge as fast as the
 * Collector (test/bench/results-durable.md); what it leaves as it is goes on as before. Throws when this is another kafkajs than the one it was written for.
 */
export function mendKafkajs(require: ReturnType<typeof createRequire>): void {
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== VERSION) throw changed(`it is ${version}`);
  mendRequestQueue(require('kafkajs/src/network/requestQueue/index.js') as { prototype: QueuePrototype });

  // The connection takes its own copy of this function when it is loaded: it is replaced before.
  const file = require.resolve('kafkajs/src/protocol/request.js');
  const original = require(file) as (sent: Sent) => Promise<{ buffer: Buffer }>;
  if (require.cache[require.resolve('kafkajs/src/network/connection.js')] !== undefined)
    throw changed('its connection is loaded before it is mended');
  require.cache[file]!.exports = async (sent: Sent) => {
    const { request, correlationId, clientId } = sent;
    return request.frame === undefined ? original(sent) : { buffer: await request.frame(correlationId, clientId) };
  };

  const { lookupCodec } = require('kafkajs/src/protocol/message/compression/index.js') as { lookupCodec: (codec: number) => Codec };
  mendProduce(require('kafkajs/src/protocol/requests/produce/index.js') as Produce, {
    crc32C: crc32C(),
    frame: createFrames(),
    compress: (codec, buffer) => lookupCodec(codec).compress({ buffer }),
  });
}

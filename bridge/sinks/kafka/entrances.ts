/** Errors after which another server may let in: nobody there, or nobody who answers. Credentials are refused by all of them alike. */
const SHUT: ReadonlySet<string> = new Set(['KafkaJSConnectionError', 'KafkaJSConnectionClosedError', 'KafkaJSRequestTimeoutError']);

export type Entrances = {
  /** Enters by the first of the bootstrap servers that lets in; `enter` gets its number. Rejects as the last one did, or as soon as `isOver`. */
  through<T>(enter: (server: number) => Promise<T>, isOver: () => boolean): Promise<T>;
};

/**
 * Which of the bootstrap servers is asked first. kafkajs, where it may try nothing twice, asks one server and no other, and every new client begins with the
 * first of the list: were that one dead, no client would ever get in. Here each is asked in turn, and who did not let in is the last to be asked again.
 */
export function createEntrances(servers: number): Entrances {
  const order = Array.from({ length: servers }, (_, server) => server);
  return {
    async through(enter, isOver) {
      let failure: unknown;
      for (const server of [...order]) {
        try {
          return await enter(server);
        } catch (error) {
          failure = error;
          order.push(...order.splice(order.indexOf(server), 1));
          if (isOver() || !SHUT.has((error as Error).name)) break;
        }
      }
      throw failure;
    },
  };
}

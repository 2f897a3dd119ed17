import type { LogHead } from './log-lines.ts';

/** Whose line it is: the connector's asked for, another connector's, the worker's own, or an event that does not say. */
export type Owner = 'ours' | 'other' | 'worker' | 'unsaid';

/** Names in the text of lines without context: `WorkerSourceTask{id=otlp-source-0}`, `connector-producer-otlp-source-0`, `connector 'otlp-source'`. */
const ID = /(?:Task\{id=([^}]{1,300})-\d+|WorkerConnector\{id=([^}]{1,300}))\}/;
const CLIENT_ID = /clientId=connector-(?:producer|consumer|adminclient|dlq-producer)-(.{1,300}?)-\d+[\],]/;
const QUOTED = /[Cc]onnector '([^']{1,300})'/;

/**
 * Tells whose a line is. The connector's stop and `task_metrics` lines come without Connect's context: they are matched by the session that a named line
 * announced, or by standing between our own `task_stopping` and `task_stopped`. What stays `unsaid` is ours only in a log without a second connector.
 */
export function createOwnership(connector: string | null): (head: LogHead) => Owner {
  const sessions = new Map<string, string>();
  let starting: string | undefined;
  let stopping: string | undefined;
  const known = (name: string): Owner => (connector === null || name === connector ? 'ours' : 'other');

  return (head) => {
    if (head.event === undefined) {
      if (head.owner !== undefined) return known(head.owner);
      const named = nameIn(head.message);
      return named === undefined ? 'worker' : known(named);
    }
    const { session, connector: field, turn } = head.event;
    const announced = session === undefined ? undefined : sessions.get(session);
    const named = head.owner ?? field ?? announced;
    if (turn === 'starting') starting = named;
    const owner = named ?? (turn === 'initialized' ? starting : session === undefined ? stopping : undefined);
    if (session !== undefined && owner !== undefined && owner !== announced) sessions.set(session, owner);
    if (turn === 'stopping') stopping = owner;
    else if (owner !== stopping || turn === 'stopped') stopping = undefined;
    return owner === undefined ? 'unsaid' : known(owner);
  };
}

function nameIn(message: string): string | undefined {
  if (message.includes('{id=')) {
    const id = ID.exec(message);
    return id?.[1] ?? id?.[2];
  }
  if (message.includes('clientId=connector-')) return CLIENT_ID.exec(message)?.[1];
  return message.includes("onnector '") ? QUOTED.exec(message)?.[1] : undefined;
}

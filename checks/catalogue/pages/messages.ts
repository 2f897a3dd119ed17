import { MESSAGES } from '../messages.ts';
import type { Page } from '../page.ts';

/** Pages of the log lines that have none elsewhere. */
export const pagesOfMessages = (): Page[] =>
  MESSAGES.flatMap((message) =>
    'page' in message
      ? []
      : [
          {
            id: message.id,
            kind: 'message',
            title: message.title,
            text: message.text,
            commands: message.commands ?? ['otlpctl doctor'],
            seeAlso: message.seeAlso,
          },
        ],
  );

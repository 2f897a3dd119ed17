import type { Server, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { CONTENT_TYPE } from '../message.ts';
import { STATUS_CODES } from '../node-http.ts';
import type { StatusWriter } from './status.ts';

/** Node's own choice of status for what its parser refuses; 400 for anything else. */
const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Answers what is no HTTP request, or stops being one halfway, as any other error: with a google.rpc.Status. It is JSON, because there is no request
 * whose encoding it could have.
 */
export function answerBrokenHttp(server: Server | TlsServer, writeStatus: StatusWriter, answered: () => void): void {
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', (request, response) => latest.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const response = latest.get(socket);
    const isAnswering = response !== undefined && response.headersSent && !response.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) return void socket.destroy();
    const status = STATUS[error.code ?? ''] ?? 400;
    const reason = status === 408 ? 'The request did not arrive in time.' : `This is no HTTP/1.1 request: ${error.message}.`;
    const body = writeStatus({ is: 'undecodable', reason }, 'json');
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      `Content-Type: ${CONTENT_TYPE.json}`,
      `Content-Length: ${body.length}`,
    ];
    answered();
    socket.end(`${head.join('\r\n')}\r\n\r\n${body.toString()}`);
  });
}

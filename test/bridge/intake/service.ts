import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { SIGNAL, type Signal } from '../../../proto/vocabulary/signals.ts';
import { createBudget } from '../../../bridge/budget.ts';
import type { LogLine } from '../../../bridge/log.ts';
import type { Message, Offer } from '../../../bridge/message.ts';
import { startReceivers, type ReceiverOptions, type Receivers } from '../../../bridge/intake/receivers.ts';

export type Service = { receivers: Receivers; offered: Message[]; lines: LogLine[] };

/** Real receivers on free ports of loopback, closed when the test ends. What they offer is kept unless `answer` says otherwise. */
export async function startService(
  t: TestContext,
  {
    answer = 'accepted',
    maxRequestBytes = 64 * 2 ** 20,
    ...more
  }: { answer?: ReturnType<Offer>; maxRequestBytes?: number } & Partial<ReceiverOptions> = {},
): Promise<Service> {
  const offered: Message[] = [];
  const lines: LogLine[] = [];
  const offer: Offer = (message) => {
    if (answer === 'accepted') offered.push(message);
    return answer;
  };
  const receivers = await startReceivers({
    bindAddress: '127.0.0.1',
    grpc: { port: 0 },
    http: { port: 0 },
    maxRequestBytes,
    offer,
    budget: createBudget(2 ** 28),
    refused: () => {},
    log: (line) => lines.push(line),
    ...more,
  });
  t.after(() => receivers.close(0));
  return { receivers, offered, lines };
}

export type HttpAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };
export type Sent = { method?: string; path?: string; headers?: Record<string, string>; body?: Buffer | string };

export function send(
  { receivers }: Service,
  { method = 'POST', path = SIGNAL.traces.path, headers = {}, body }: Sent,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: receivers.httpPort!, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

export const post = (
  service: Service,
  signal: Signal,
  body: Buffer | string,
  type = 'application/x-protobuf',
  more: Record<string, string> = {},
) => send(service, { path: SIGNAL[signal].path, headers: { 'content-type': type, ...more }, body });

const asItIs = (bytes: Buffer): Buffer => bytes;

export type GrpcAnswer = { code: number; details: string; metadata: Metadata; body: Buffer | null };

export function grpcClient(t: TestContext, { receivers }: Service, options: Record<string, number> = {}): Client {
  const client = new Client(`127.0.0.1:${receivers.grpcPort}`, credentials.createInsecure(), options);
  t.after(() => client.close());
  return client;
}

/** One unary call, bytes in and bytes out. A call that fails is an answer like any other. */
export function call(client: Client, path: string, body: Buffer, deadlineMs = 5000): Promise<GrpcAnswer> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      asItIs,
      asItIs,
      body,
      new Metadata(),
      { deadline: Date.now() + deadlineMs },
      (error: ServiceError | null, reply) => {
        if (error) resolve({ code: error.code, details: error.details, metadata: error.metadata, body: null });
        else resolve({ code: 0, details: '', metadata: new Metadata(), body: reply ?? null });
      },
    );
  });
}

export const exportTo = (client: Client, signal: Signal, body: Buffer, deadlineMs = 5000): Promise<GrpcAnswer> =>
  call(client, `/${SIGNAL[signal].service}/Export`, body, deadlineMs);

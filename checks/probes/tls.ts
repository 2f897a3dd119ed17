import type { Address } from '../facts/index.ts';
import { talk } from './talk.ts';

/** Whether a TLS hello is answered at an address, whatever the certificate says. False also when nothing answers in time. */
export async function answersTls(address: Address, deadlineMs: number, signal: AbortSignal): Promise<boolean> {
  const heard = await talk(address, { say: Buffer.alloc(0), enough: () => true, alpn: 'http/1.1' }, { deadlineMs, signal }, true);
  return 'ended' in heard && heard.tls === true;
}

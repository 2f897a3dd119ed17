/** A listening TCP socket of this machine. Source: proc(5), /proc/net/tcp and tcp6. */
export type ListeningSocket = { address: string; port: number; inode: string };

const LISTEN = '0A';

/** Rows in state LISTEN; `littleEndian` is the byte order of the machine, in which the kernel prints each 32-bit word. */
export function parseProcNet(text: string, littleEndian = true): ListeningSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      return state === LISTEN && /^(?:[0-9A-F]{8}|[0-9A-F]{32})$/i.test(address)
        ? [{ address: decodeAddress(address, littleEndian), port: Number.parseInt(port, 16), inode }]
        : [];
    });
}

function decodeAddress(hex: string, littleEndian: boolean): string {
  const bytes = Buffer.from(hex, 'hex');
  if (littleEndian) bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2));
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
  // A URL writes an IPv6 address in its short form.
  return isMapped
    ? bytes.subarray(12).join('.')
    : new URL(`http://[${words.map((word) => word.toString(16)).join(':')}]`).hostname.slice(1, -1);
}

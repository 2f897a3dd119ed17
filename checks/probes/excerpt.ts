/** The first characters of what came instead, on one line, harmless to print. */
export function excerpt(text: string, length = 200): string {
  const shown = [...text.slice(0, length * 2)].slice(0, length).join('');
  return shown
    .replace(/\s+/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/g, '·')
    .trim();
}

/** `3.0 s`, `250 ms`. */
export const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

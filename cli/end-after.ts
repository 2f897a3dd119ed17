/** Aborts after so many milliseconds; Node.js takes whole ones only, and a share of a time-out rarely is one. */
export const endAfter = (ms: number): AbortSignal => AbortSignal.timeout(Math.ceil(ms));

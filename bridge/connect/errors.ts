/** An answer that is an error, in Connect's form: `{ error_code, message }`. */
export type ConnectError = Error & { status: number };

export const connectError = (status: number, message: string): ConnectError => Object.assign(new Error(message), { status });

export const isConnectError = (error: unknown): error is ConnectError =>
  error instanceof Error && typeof (error as Partial<ConnectError>).status === 'number';

import { AsyncLocalStorage } from 'node:async_hooks';

/** Whether a call's request may have reached the provider, which then may bill it. */
export interface Sending {
  mayHaveArrived: boolean;
}

const current = new AsyncLocalStorage<Sending>();

/** Makes one call, and notes in `sending` whether its request may have arrived. */
export const track = <Result>(sending: Sending, call: () => Promise<Result>): Promise<Result> =>
  current.run(sending, call);

/**
 * The `fetch` of every client. A call that fails before it gets here, because its key cannot be read or an option is
 * invalid, was never sent. One whose connection was never established did not arrive either. Everything after that may
 * be billed: an answer that breaks off, a timeout, a reset.
 */
export const trackedFetch: typeof fetch = async (url, init) => {
  const sending = current.getStore();
  if (sending) sending.mayHaveArrived = true;
  try {
    return await fetch(url, init);
  } catch (error) {
    if (sending && neverConnected(error)) sending.mayHaveArrived = false;
    throw error;
  }
};

/** System calls that come before a connection. The same codes from `read` or `write` are a connection that broke. */
const BEFORE_CONNECTION = new Set(['connect', 'getaddrinfo']);
const CONNECT_TIMEOUT = 'UND_ERR_CONNECT_TIMEOUT';
/** No request is sent before the TLS handshake ends (Node: "TLS", "X509 certificate error codes"). */
const TLS_HANDSHAKE = /CERT|^ERR_(TLS|SSL)|^UNABLE_TO|^(HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)$/;
const TLS_BROKEN_OFF = /before secure TLS connection was established/;

/** Whether no connection was established, by the error that lies deepest. With several addresses, all of them failed. */
function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(neverConnected);
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  if (BEFORE_CONNECTION.has(syscall) || code === CONNECT_TIMEOUT) return true;
  if (TLS_HANDSHAKE.test(code) || TLS_BROKEN_OFF.test(error.message)) return true;
  return error.cause !== undefined && neverConnected(error.cause);
}

import type { FleetError } from '../fleet-error.ts';

/** What Node says when there was no connection on which a request could have been sent. Browsers do not say it. */
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a request has certainly not arrived, so that nobody has seen its key. */
export function certainlyNotSent({ status, cause }: FleetError): boolean {
  if (status !== 0) return false;
  const { code } = ((cause as Error | undefined)?.cause ?? {}) as { readonly code?: string };
  return code !== undefined && NO_CONNECTION.has(code);
}

/** The resolver's codes (getaddrinfo). */
export const UNKNOWN_HOST = /^(ENOTFOUND|EAI_\w+|ENODATA)$/;
/** OpenSSL's reasons to reject a certificate, and Node's for a host name mismatch. */
export const UNTRUSTED = /CERT|SIGNATURE|ISSUER|HOSTNAME_MISMATCH/;

/** Returns Node's error code, of the first address if several were tried; otherwise the error's name. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

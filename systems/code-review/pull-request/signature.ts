import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiProblem } from '#core/api/http/problem.ts';

export const SIGNATURE_HEADER = 'x-hub-signature-256';

/** What GitHub sends in the header for a body. */
export const signatureOf = (secret: string, body: Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/**
 * Throws an `ApiProblem` (401) unless the body was signed with the webhook's secret.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 * @param body the bytes as received
 */
export function requireSignature(secret: string, signature: string | undefined, body: Buffer): void {
  if (signature === undefined || !/^sha256=[0-9a-f]{64}$/.test(signature)) throw refused('is missing or is no SHA-256');
  const expected = Buffer.from(signatureOf(secret, body));
  if (!timingSafeEqual(Buffer.from(signature), expected)) throw refused('does not match the body');
}

function refused(message: string): ApiProblem {
  const remedy = 'Give the webhook on GitHub the value of the fleet’s secret `github-webhook`.';
  return new ApiProblem('invalid-key', `${SIGNATURE_HEADER}: ${message}.`, [
    { field: SIGNATURE_HEADER, message, remedy },
  ]);
}

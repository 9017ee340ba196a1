import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiProblem } from '#core/api/http/problem.ts';

const HEADER = 'x-hub-signature-256';

/**
 * Throws an `ApiProblem` (401) unless the body was signed with the webhook's secret.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 * @param body the bytes as received
 */
export function requireSignature(secret: string, signature: string | undefined, body: Buffer): void {
  const given = /^sha256=([0-9a-f]{64})$/.exec(signature ?? '')?.[1];
  if (given === undefined) throw refused('is missing or is no SHA-256');
  const expected = createHmac('sha256', secret).update(body).digest();
  if (!timingSafeEqual(Buffer.from(given, 'hex'), expected)) throw refused('does not match the body');
}

function refused(message: string): ApiProblem {
  const remedy = 'Give the webhook on GitHub the value of the fleet’s secret `github-webhook`.';
  return new ApiProblem('invalid-key', `${HEADER}: ${message}.`, [{ field: HEADER, message, remedy }]);
}

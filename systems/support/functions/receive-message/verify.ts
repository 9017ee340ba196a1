import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { ApiProblem } from '#core/api/http/problem.ts';

/** Headers that the Standard Webhooks specification requires. */
const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
const MAX_ID_LENGTH = 256;

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Verifies that a message was signed with the secret at most five minutes ago, and returns its id. Otherwise throws an
 * `ApiProblem` (401) that names the header. The body of an unsigned message is never parsed.
 * @param body as received, unchanged
 */
export function verifiedId(secret: string, given: Headers, body: string): string {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value ?? '']));
  const missing = HEADERS.find((name) => (headers[name] ?? '').trim() === '');
  if (missing !== undefined)
    throw invalidHeader(missing, 'is missing', 'Sign the message according to the Standard Webhooks specification.');
  const id = headers['webhook-id'] ?? '';
  if (id.length > MAX_ID_LENGTH)
    throw invalidHeader('webhook-id', `must be at most ${MAX_ID_LENGTH} characters`, 'Send a shorter id.');
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return id;
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    const isOld = /timestamp/i.test(error.message);
    throw isOld
      ? invalidHeader(
          'webhook-timestamp',
          'is off by more than five minutes',
          'Send the current time in seconds since the epoch, and check your clock.',
        )
      : invalidHeader(
          'webhook-signature',
          'does not match the message',
          'Sign the exact bytes of the body with the webhook secret.',
        );
  }
}

function invalidHeader(field: string, message: string, remedy: string): ApiProblem {
  return new ApiProblem('invalid-key', `${field}: ${message}.`, [{ field, message, remedy }]);
}

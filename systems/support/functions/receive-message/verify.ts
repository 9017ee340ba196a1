import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { ApiProblem } from '#core/api/http/problem.ts';

/** Headers that every signed message has, by the Standard Webhooks specification. */
const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
/** Longest message id. */
const MAX_ID_LENGTH = 256;

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The id of a message that was signed by the secret at most five minutes ago. Throws `ApiProblem` (401) that names the
 * header for anything else. An unsigned message is not read further.
 * @param body as it came, byte by byte
 */
export function verifiedId(secret: string, given: Headers, body: string): string {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value ?? '']));
  const missing = HEADERS.find((name) => (headers[name] ?? '').trim() === '');
  if (missing !== undefined)
    throw refused(missing, 'is missing', 'Sign the message according to the Standard Webhooks specification.');
  const id = headers['webhook-id'] ?? '';
  if (id.length > MAX_ID_LENGTH)
    throw refused('webhook-id', `must be at most ${MAX_ID_LENGTH} characters`, 'Send a shorter id.');
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return id;
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    const isOld = /timestamp/i.test(error.message);
    throw isOld
      ? refused(
          'webhook-timestamp',
          'is more than five minutes off',
          'Send the current time in seconds, and check your clock.',
        )
      : refused(
          'webhook-signature',
          'does not match the message',
          'Sign the exact body that you send, with the shared secret.',
        );
  }
}

function refused(field: string, message: string, remedy: string): ApiProblem {
  return new ApiProblem('invalid-key', `${field}: ${message}.`, [{ field, message, remedy }]);
}

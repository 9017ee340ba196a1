import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { ApiProblem } from '#core/api/http/problem.ts';

/** Headers that every signed message has, by the Standard Webhooks specification. */
const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
/** A message is the same by its id; longer ones are no ids. */
const MAX_ID_LENGTH = 256;

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The id of a message that was signed by the secret at most five minutes ago. Throws `ApiProblem` (401) that names the
 * header for anything else: nothing of an unsigned message is looked at.
 * @param body as it came, byte by byte
 */
export function verifiedId(secret: string, given: Headers, body: string): string {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value ?? '']));
  const missing = HEADERS.find((name) => (headers[name] ?? '').trim() === '');
  if (missing !== undefined)
    throw refused(missing, 'is missing', 'Sign the message after the Standard Webhooks specification.');
  const id = headers['webhook-id'] ?? '';
  if (id.length > MAX_ID_LENGTH)
    throw refused('webhook-id', `is longer than ${MAX_ID_LENGTH} characters`, 'Send a shorter one.');
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
          'Send it with the time in seconds, and set your clock.',
        )
      : refused(
          'webhook-signature',
          'does not fit the message',
          'Sign the body as it is sent, by the secret we share.',
        );
  }
}

function refused(field: string, message: string, remedy: string): ApiProblem {
  return new ApiProblem('invalid-key', `${field}: ${message}.`, [{ field, message, remedy }]);
}

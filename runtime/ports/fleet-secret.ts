import { getSecret } from '@aws-lambda-powertools/parameters/secrets';

/** Seconds that a secret is cached. A changed secret takes effect after that. */
const MAX_AGE = 300;

/**
 * Reads a secret by name or ARN. Throws when it is empty or binary.
 * @param holds what it should contain, for the error
 * @param fresh whether a cached value is not good enough
 */
export async function fleetSecret(secret: string, holds: string, fresh = false): Promise<string> {
  const value = await getSecret(secret, { maxAge: MAX_AGE, forceFetch: fresh });
  if (typeof value !== 'string' || value === '')
    throw new Error(`The secret ${secret} has no ${holds}. Set its value.`);
  return value;
}

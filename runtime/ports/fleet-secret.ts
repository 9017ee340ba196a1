import { getSecret } from '@aws-lambda-powertools/parameters/secrets';

/** Seconds a secret is kept before it is read anew, so that a changed one is noticed. */
const MAX_AGE = 300;

/** A secret's text, by name or ARN. Throws for one that is empty or binary. @param holds what it is, for the error */
export async function fleetSecret(secret: string, holds: string): Promise<string> {
  const value = await getSecret(secret, { maxAge: MAX_AGE });
  if (typeof value !== 'string' || value === '') throw new Error(`The secret ${secret} holds no ${holds}: put one in.`);
  return value;
}

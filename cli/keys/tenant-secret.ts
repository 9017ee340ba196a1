import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { hmacSha256 } from '#adapters/node/hmac.ts';
import { masterSecrets, signingSecret } from '#core/callbacks/signing.ts';

/** The secret with which a tenant verifies its callbacks, derived from the fleet's master secret. */
export async function tenantSecret(client: SecretsManagerClient, secret: string, tenant: string): Promise<string> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
  return signingSecret(hmacSha256, masterSecrets(SecretString)[0], tenant);
}

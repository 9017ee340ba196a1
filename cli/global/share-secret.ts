import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localClient } from '../fleet/connection.ts';
import type { KeyPlace } from '../keys/keeping.ts';

type SecretPlace = Pick<KeyPlace, 'endpoint' | 'region' | 'callbackSecret'>;

/**
 * Gives each region the first one's secret that signs callbacks. Any region may send a callback, and its receiver knows one
 * secret.
 */
export async function shareSigningSecret(places: readonly [SecretPlace, ...SecretPlace[]]): Promise<void> {
  const [first, ...others] = places.map(secretIn);
  try {
    const value = await first?.read();
    if (value === undefined) return;
    for (const other of others) if ((await other.read()) !== value) await other.write(value);
  } finally {
    for (const secret of [first, ...others]) secret?.close();
  }
}

function secretIn({ endpoint, region, callbackSecret: SecretId }: SecretPlace) {
  const client = new SecretsManagerClient(endpoint === undefined ? {} : localClient(endpoint, region));
  return {
    read: async () => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString,
    write: (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId, SecretString })),
    close: () => client.destroy(),
  };
}

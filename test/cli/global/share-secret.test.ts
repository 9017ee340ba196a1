import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createSecretsManager } from '@agent-fleet/local-cloud/testing/services';
import { serve } from '@agent-fleet/local-cloud/testing/serve';
import { expect, it, onTestFinished } from 'vitest';
import { shareSigningSecret } from '#cli/global/share-secret.ts';
import { tenantSecret } from '#cli/keys/tenant-secret.ts';

/** A region whose secret was generated when it was first started. */
async function regionWith(region: string, SecretString: string) {
  const served = await serve(() => createSecretsManager({ account: '000000000000', region }));
  const client = new SecretsManagerClient(served.client);
  onTestFinished(() => (client.destroy(), served.close()));
  const callbackSecret = `fleet-${region}/callback-signing`;
  await client.send(new CreateSecretCommand({ Name: callbackSecret, SecretString }));
  const versions = async () => (await client.send(new GetSecretValueCommand({ SecretId: callbackSecret }))).VersionId;
  return { client, versions, place: { endpoint: served.client.endpoint, region, callbackSecret } };
}

it("the callbacks of all regions are signed by the first one's secret, which keys create derives a tenant's from", async () => {
  const us = await regionWith('us-east-1', 'of us');
  const eu = await regionWith('eu-west-1', 'of eu');
  const ap = await regionWith('ap-northeast-1', 'of us');
  const [before, same] = [await us.versions(), await ap.versions()];
  await shareSigningSecret([us.place, eu.place, ap.place]);
  const secrets = await Promise.all(
    [us, eu, ap].map(({ client, place }) => tenantSecret(client, place.callbackSecret, 'acme')),
  );
  expect(new Set(secrets).size).toBe(1);
  expect([await us.versions(), await ap.versions()]).toEqual([before, same]);
});

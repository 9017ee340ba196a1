import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

it('S3 serves buckets by path at an endpoint of one’s own, and by host name on AWS', async () => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
  const local = await import('#adapters/s3/client.ts');
  expect(local.s3().config.forcePathStyle).toBe(true);
  vi.resetModules();
  vi.stubEnv('AWS_ENDPOINT_URL', '');
  const aws = await import('#adapters/s3/client.ts');
  expect(aws.s3().config.forcePathStyle).toBe(false);
  expect(await aws.s3().config.region()).toBe('eu-west-1');
});

it('a client is made once for all adapters of a process', async () => {
  const { dynamodb } = await import('#adapters/dynamodb/client.ts');
  expect(dynamodb()).toBe(dynamodb());
});

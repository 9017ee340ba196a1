import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

it('S3 uses path-style URLs at a custom endpoint, and host names on AWS', async () => {
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

it('all adapters of a process share one client', async () => {
  const { dynamodb } = await import('#adapters/dynamodb/client.ts');
  expect(dynamodb()).toBe(dynamodb());
});

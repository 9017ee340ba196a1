import { createContext, runInContext } from 'node:vm';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resourceSchema } from '#lib/diff/read-templates.ts';
import { fileAt } from '#cli/console/files.ts';
import { securityHeaders } from '#core/console/security-headers.ts';
import { ConsoleStack } from '#lib/console-stack.ts';
import { CONSOLE_PATHS } from '#lib/constructs/console-paths.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { nagFindings } from './nag.ts';
import { quickApp, removeFolder } from './synthesize.ts';

// The CDK sets the exit code if findings are left.
afterEach(() => void (process.exitCode = undefined));

const appWith = (signIn: string | false) => {
  const app = quickApp('prod', { account: '111122223333', console: JSON.stringify({ signIn }) });
  app.add(AssistantStack);
  return app;
};

const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

/** The resources of the console's stack and the task API's, by type. */
function consoleOf(signIn: string | false) {
  const app = appWith(signIn);
  app.synth();
  const templateOf = (system: string) => {
    const stack = app.node.children.find(({ node }) => node.id === `fleet-prod-${system}-us-east-1`);
    if (!Stack.isStack(stack)) return undefined;
    const { Resources } = templateSchema.parse(Template.fromStack(stack).toJSON());
    return (type: string) =>
      Object.values(Resources)
        .filter(({ Type }) => Type === type)
        .map(({ Properties }) => Properties);
  };
  const templates = { page: templateOf('console'), api: templateOf('api') };
  removeFolder(app.outdir);
  return templates;
}

test('an environment has no console unless its configuration says so', () => {
  const { page, api } = consoleOf(false);
  expect(page).toBeUndefined();
  expect(api?.('AWS::Cognito::UserPool')).toEqual([]);
});

test.each(['key', 'cognito'])('cdk-nag has no unexplained finding with sign-in by %s', (signIn) => {
  expect(nagFindings(appWith(signIn))).toEqual([]);
});

describe('the console of an environment', () => {
  const { page } = consoleOf('key');
  const [site] = z
    .array(z.object({ DistributionConfig: z.record(z.string(), z.unknown()) }))
    .parse(page?.('AWS::CloudFront::Distribution'));

  test('serves a private bucket, which only its distribution reads, and the task API beside it', () => {
    expect(page?.('AWS::S3::Bucket')).toEqual([
      expect.objectContaining({
        PublicAccessBlockConfiguration: expect.objectContaining({
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        }),
      }),
    ]);
    expect(JSON.stringify(page?.('AWS::S3::BucketPolicy'))).toContain('AWS:SourceArn');
    expect(site?.DistributionConfig).toMatchObject({
      DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https' },
      CacheBehaviors: [{ PathPattern: '/api/*', ViewerProtocolPolicy: 'https-only' }],
      Origins: [
        { OriginAccessControlId: expect.anything() },
        { CustomOriginConfig: { OriginProtocolPolicy: 'https-only' }, OriginPath: expect.anything() },
      ],
    });
  });

  test('keeps no answer of the task API', () => {
    // The managed policy CachingDisabled.
    expect(site?.DistributionConfig).toMatchObject({
      CacheBehaviors: [{ CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad' }],
    });
  });

  test('sends the headers that it sends on one machine', () => {
    const [policy] = page?.('AWS::CloudFront::ResponseHeadersPolicy') ?? [];
    const text = JSON.stringify(policy);
    for (const [name, value] of Object.entries(securityHeaders())) {
      // CloudFront has properties of their own for some.
      const known = { 'x-content-type-options': 'ContentTypeOptions', 'referrer-policy': 'ReferrerPolicy' };
      expect(text).toContain(name in known ? known[name as keyof typeof known] : value);
    }
  });

  test('of three regions share no name that CloudFront has for all regions', () => {
    const app = quickApp('prod', {
      account: '111122223333',
      console: '{"signIn":"key"}',
      regions: 'us-east-1,eu-west-1,ap-northeast-1',
    });
    app.add(AssistantStack);
    app.synth();
    const names = app.node.children
      .filter((child) => child instanceof ConsoleStack)
      .map((stack) => JSON.stringify(Template.fromStack(stack).toJSON()))
      .map((text) => [...text.matchAll(/"Name":"([^"]+)"/g)].map(([, name]) => name));
    removeFolder(app.outdir);
    expect(names).toHaveLength(3);
    expect(names[0]?.filter((name) => [...(names[1] ?? []), ...(names[2] ?? [])].includes(name))).toEqual([]);
  });
});

describe('sign-in by Amazon Cognito', () => {
  const { page, api } = consoleOf('cognito');

  test('is by an authorization code for a client without a secret, and leads back to the console alone', () => {
    expect(page?.('AWS::Cognito::UserPoolClient')).toEqual([
      expect.objectContaining({
        AllowedOAuthFlows: ['code'],
        GenerateSecret: false,
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    ]);
  });

  test('is for people whom an administrator has created, with a second factor', () => {
    expect(api?.('AWS::Cognito::UserPool')).toEqual([
      expect.objectContaining({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }, MfaConfiguration: 'ON' }),
    ]);
    const groups = api?.('AWS::Cognito::UserPoolGroup').map(({ GroupName: name }) => name);
    expect(groups).toEqual(['scope:submit', 'scope:read', 'scope:operate', 'scope:fleet']);
  });

  test('lets the page call the sign-in and nothing else', () => {
    const [policy] = page?.('AWS::CloudFront::ResponseHeadersPolicy') ?? [];
    expect(JSON.stringify(policy).match(/https:\/\/[^"; ]+/g)).toEqual(['https://fleet-prod-']);
  });

  test('is told to the authorizer, with a place in the usage plan', () => {
    expect(api?.('AWS::ApiGateway::ApiKey')).toEqual([
      expect.objectContaining({ Value: 'people-of-the-console-of-fleet-prod-api' }),
    ]);
    expect(api?.('AWS::ApiGateway::UsagePlanKey')).toHaveLength(1);
    const variables = api?.('AWS::Lambda::Function').map(({ Environment }) => JSON.stringify(Environment));
    expect(variables?.filter((each) => each?.includes('USER_POOL'))).toHaveLength(1);
  });
});

describe('the program at the edge', () => {
  /** What CloudFront does with a request for a path. */
  const lead = (uri: string): { readonly uri?: string; readonly statusCode?: number } => {
    const context = createContext({ event: { request: { uri } } });
    return runInContext(`${CONSOLE_PATHS}\nhandler(event);`, context) as { uri?: string; statusCode?: number };
  };

  test('leads to the API without its prefix', () => {
    expect(lead('/api/tasks').uri).toBe('/tasks');
    expect(lead('/api/tasks/task%2F1').uri).toBe('/tasks/task%2F1');
  });

  test('leads to the same files as on one machine', () => {
    const file = { bytes: Buffer.from(''), type: '', etag: '', caching: '' };
    const files = new Map(['index.html', 'app.js', 'chunks/view-1.js'].map((name) => [name, { ...file, etag: name }]));
    for (const path of ['', 'tasks', 'runs/run-1', 'agents/a@1.2', 'app.js', 'chunks/view-1.js', 'none.js']) {
      const { uri = '' } = lead(`/console/${path}`);
      expect(files.get(uri.slice('/console/'.length))?.etag).toBe(fileAt(files, path)?.etag);
    }
  });

  test('leads everything else to the console', () => {
    for (const path of ['/', '/console', '/favicon.ico', '/apis']) expect(lead(path).statusCode).toBe(302);
  });
});

import { createContext, runInContext } from 'node:vm';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { edgeProgram } from '#lib/constructs/edge-program.ts';
import { GlobalStack } from '#lib/global-stack.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { DocumentsStack } from '#systems/documents/stack.ts';
import { nagFindings } from './nag.ts';
import { quickApp, removeFolder } from './synthesize.ts';

const ORIGINS = [
  { name: 'us', region: 'us-east-1', host: 'us.example.com' },
  { name: 'eu', region: 'eu-west-1', host: 'eu.example.com' },
  { name: 'ap', region: 'ap-northeast-1', host: 'ap.example.com' },
];

interface Sent {
  readonly method: string;
  readonly origin: { readonly domainName: string; readonly hostHeader: string };
}

/** Where CloudFront sends a request of a viewer at a place. @param store what the store of regions that are down answers */
async function send(
  place: readonly [number, number] | undefined,
  store: (name: string) => Promise<boolean>,
  method = 'GET',
): Promise<Sent> {
  const origins: Sent['origin'][] = [];
  const cf = {
    kvs: () => ({ exists: store }),
    updateRequestOrigin: (origin: Sent['origin']) => void origins.push(origin),
  };
  const headers =
    place === undefined
      ? {}
      : {
          'cloudfront-viewer-latitude': { value: String(place[0]) },
          'cloudfront-viewer-longitude': { value: String(place[1]) },
        };
  const event = { request: { method, uri: '/tasks', headers } };
  const program = edgeProgram(ORIGINS).replace("import cf from 'cloudfront';", '');
  const answer = (await runInContext(
    `${program}\nhandler(event);`,
    createContext({ cf, event }),
  )) as typeof event.request;
  const [origin] = origins;
  if (origin === undefined || origins.length > 1) throw new Error(`The origin was set ${origins.length} times.`);
  return { method: answer.method, origin };
}

const downs =
  (...names: readonly string[]) =>
  (name: string) =>
    Promise.resolve(names.includes(name));

const PARIS = [48.86, 2.35] as const;
const SYDNEY = [-33.87, 151.21] as const;
const ANCHORAGE = [61.22, -149.9] as const;

describe('the program at the edge', () => {
  test.each([
    ['New York', [40.71, -74.0], 'us'],
    ['São Paulo', [-23.55, -46.63], 'us'],
    ['Paris', PARIS, 'eu'],
    ['Lagos', [6.45, 3.39], 'eu'],
    ['Tokyo', [35.68, 139.69], 'ap'],
    ['Sydney', SYDNEY, 'ap'],
    ['Auckland', [-36.85, 174.76], 'ap'],
  ] as const)('sends a request from %s to the nearest region', async (_, place, name) => {
    const { origin } = await send(place, downs());
    expect(origin).toEqual({ domainName: `${name}.example.com`, hostHeader: `${name}.example.com` });
  });

  test('sends a POST like any other request', async () => {
    expect(await send(PARIS, downs(), 'POST')).toMatchObject({
      method: 'POST',
      origin: { domainName: 'eu.example.com' },
    });
  });

  test('passes over regions that are down', async () => {
    expect((await send(PARIS, downs('eu'))).origin.domainName).toBe('us.example.com');
    expect((await send(PARIS, downs('eu', 'us'))).origin.domainName).toBe('ap.example.com');
    expect((await send(ANCHORAGE, downs('us'))).origin.domainName).toBe('ap.example.com');
  });

  test('tries the nearest region if all are down, or nobody knows', async () => {
    expect((await send(SYDNEY, downs('us', 'eu', 'ap'))).origin.domainName).toBe('ap.example.com');
    const broken = () => Promise.reject(new Error('The store is not there.'));
    expect((await send(SYDNEY, broken)).origin.domainName).toBe('ap.example.com');
  });

  test('sends a viewer without a position to the first region that works', async () => {
    expect((await send(undefined, downs())).origin.domainName).toBe('us.example.com');
    expect((await send(undefined, downs('us'))).origin.domainName).toBe('eu.example.com');
    expect((await send([Number.NaN, 0], downs())).origin.domainName).toBe('us.example.com');
  });

  test('is smaller than the 10 kB that CloudFront takes', () => {
    expect(Buffer.byteLength(edgeProgram(ORIGINS))).toBeLessThan(5_000);
  });

  test('names the file to change for a region whose place is not known', () => {
    expect(() => edgeProgram([{ name: 'mo', region: 'mo-moon-1', host: 'mo.example.com' }])).toThrow(
      /The place of mo-moon-1 is not known\. Add it to lib\/constructs\/region-positions\.ts\./,
    );
  });
});

describe('the distribution', () => {
  const app = quickApp('global');
  app.add(AssistantStack);
  app.synth();
  const stack = app.node.children.find((child) => child instanceof GlobalStack);
  if (stack === undefined) throw new Error('The app has no global stack.');
  const template = Template.fromStack(stack);
  removeFolder(app.outdir);

  test('keeps no answer, takes every method, and passes on what the caller sends', () => {
    const [distribution] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
    expect(distribution).toMatchObject({
      Properties: {
        DistributionConfig: {
          DefaultCacheBehavior: {
            // The managed policy CachingDisabled.
            CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
            AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
            ViewerProtocolPolicy: 'https-only',
            FunctionAssociations: [{ EventType: 'viewer-request' }],
          },
          Origins: [{ OriginPath: '/v1', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } }],
        },
      },
    });
    const [passing] = Object.values(template.findResources('AWS::CloudFront::OriginRequestPolicy'));
    expect(passing).toMatchObject({
      Properties: {
        OriginRequestPolicyConfig: {
          HeadersConfig: {
            HeaderBehavior: 'allViewerAndWhitelistCloudFront',
            Headers: ['CloudFront-Viewer-Latitude', 'CloudFront-Viewer-Longitude'],
          },
          QueryStringsConfig: { QueryStringBehavior: 'all' },
        },
      },
    });
  });

  test('reads the hosts of the regions when it is deployed, and imports nothing', () => {
    const [code] = Object.values(template.findResources('AWS::CloudFront::Function')).map(({ Properties }) =>
      z.object({ FunctionCode: z.unknown(), FunctionConfig: z.unknown() }).parse(Properties),
    );
    for (const Region of ['us-east-1', 'eu-west-1', 'ap-northeast-1'])
      expect(JSON.stringify(code?.FunctionCode)).toContain(
        JSON.stringify({ 'Fn::GetStackOutput': { StackName: 'fleet-global-api', Region, OutputName: 'ApiId' } }),
      );
    expect(code?.FunctionConfig).toMatchObject({ Runtime: 'cloudfront-js-2.0', KeyValueStoreAssociations: [{}] });
    expect(JSON.stringify(template.toJSON())).not.toContain('Fn::ImportValue');
  });

  test('has outputs for people and programs', () => {
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['EdgeUrl', 'DownStore', 'ApiUrlOfUS', 'ApiUrlOfEU', 'ApiUrlOfAP']),
    );
  });
});

test('cdk-nag has no unexplained finding in three regions with a domain, a key and alarms', () => {
  const whole = quickApp('global', {
    account: '111122223333',
    protectData: true,
    domain: JSON.stringify({ hostedZoneId: 'Z0123456789ABC', name: 'fleet.example.com' }),
    kmsKeyArn: 'arn:aws:kms:{region}:111122223333:key/mrk-0123456789abcdef0123456789abcdef',
    alarmTopicArn: 'arn:aws:sns:{region}:111122223333:on-call',
  });
  whole.add(AssistantStack);
  whole.add(DocumentsStack);
  expect(nagFindings(whole)).toEqual([]);
  process.exitCode = undefined;
});

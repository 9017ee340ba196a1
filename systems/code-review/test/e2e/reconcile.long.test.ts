import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startSimulatedGithub, type PullRequestHandle, type SimulatedGithub } from '@agent-fleet/simulated-github';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { stubApi } from '#test/adapters/support/stub-api.ts';
import { startLocalFleet, type LocalFleet } from '#test/e2e/support/local-fleet.ts';
import { signatureOf } from '../../pull-request/signature.ts';
import { codeReviewSystem } from '../../system.ts';

/** The reconciler on the whole stack, with its role, and a simulated GitHub whose deliveries get lost. */
let fleet: LocalFleet;
let github: SimulatedGithub;
let lambda: LambdaClient;
/** The address of the webhook, and its secret. */
let webhook: { readonly url: string; readonly secret: string };
/** How long ago things on GitHub happen, in milliseconds. */
let ago = 0;

beforeAll(async () => {
  fleet = await startLocalFleet({ stacks: ['code-review'], claude: { rules: [...codeReviewSystem.claudeRules] } });
  github = await startSimulatedGithub({ folder: join(fleet.home, 'github'), now: () => Date.now() - ago });
  lambda = new LambdaClient(fleet.client);
});

afterAll(async () => {
  lambda.destroy();
  await github.stop();
  await fleet[Symbol.asyncDispose]();
});

/** Invokes the reconciler, as the schedule does. */
async function reconcile(): Promise<unknown> {
  const reconciler = fleet.cloud.resources.find(
    ({ type, properties }) =>
      type === 'AWS::Lambda::Function' && JSON.stringify(properties).includes('"fleet-dev-reconcile-reviews"'),
  );
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: reconciler?.ref ?? '' }));
  return JSON.parse(new TextDecoder().decode(Payload));
}

/** Puts the app's key into the secret, and gives GitHub the address of the webhook. */
async function connect(): Promise<void> {
  const secrets = new SecretsManagerClient(fleet.client);
  const app = { appId: github.app.id, privateKey: github.app.privateKey, apiUrl: github.url };
  const SecretId = fleet.output('code-review', 'GithubAppSecret');
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(app) }));
  const { SecretString: secret = '' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: fleet.output('code-review', 'GithubWebhookSecret') }),
  );
  webhook = { url: new URL('github/webhook', fleet.output('api', 'ApiUrl')).href, secret };
  github.setWebhook(webhook);
  await github.settled();
  secrets.destroy();
}

/** A webhook that passes each delivery on with so much more in it that no event of Lambda can hold it. */
async function enlarging(): Promise<typeof webhook> {
  const { url, secret } = webhook;
  const proxy = await stubApi((response, { headers, body }) => {
    const payload = { ...(JSON.parse(body) as object), padding: 'x'.repeat(6_500_000) };
    const large = Buffer.from(JSON.stringify(payload));
    const signed = {
      'content-type': 'application/json',
      'x-github-event': String(headers['x-github-event']),
      'x-github-delivery': String(headers['x-github-delivery']),
      'x-hub-signature-256': signatureOf(secret, large),
    };
    void fetch(url, { method: 'POST', body: large, headers: signed }).then(({ status }) => {
      response.writeHead(status).end();
    });
  });
  return { url: `${proxy.url}/github`, secret };
}

/** Opens a pull request some minutes ago. */
async function openPull(branch: string): Promise<PullRequestHandle> {
  ago = 5 * 60_000;
  const repository = 'octo-org/shop';
  await github.push({ repository, branch, files: { [`${branch}.md`]: `# ${branch}\n` } });
  const pull = await github.openPullRequest({ repository, head: branch, title: branch });
  ago = 0;
  return pull;
}

async function reviewed(pull: PullRequestHandle): Promise<void> {
  const done = { status: 'completed', headSha: pull.headSha() };
  await expect.poll(() => pull.record().checkRuns, { timeout: 60_000, interval: 100 }).toMatchObject([done]);
}

it('finds a lost delivery and a head that nobody has delivered, and reviews each once', async () => {
  expect(await reconcile()).toMatchObject({ outcome: 'no-app' });
  await connect();
  await github.createRepository({ name: 'shop', files: { 'README.md': '# Shop\n' } });
  github.faultDeliveries('lost');
  const lost = await openPull('lost');
  expect(await reconcile()).toMatchObject({ outcome: 'done', resent: 1, started: 1 });
  await reviewed(lost);
  github.setWebhook(undefined);
  const silent = await openPull('silent');
  expect(await reconcile()).toMatchObject({ outcome: 'done', resent: 0, started: 1 });
  await reviewed(silent);
  // Their money is settled once they have ended, which is a moment after their check runs.
  let settled = 0;
  const settle = async () => {
    const run = z.object({ settled: z.number() }).parse(await reconcile());
    return (settled += run.settled);
  };
  await expect.poll(settle, { interval: 100 }).toBeGreaterThan(0);
  expect(await reconcile()).toMatchObject({ outcome: 'done', resent: 0, started: 0 });
  for (const pull of [lost, silent]) expect(pull.record()).toMatchObject({ checkRuns: [{}], reviews: [{}] });
});

it('finds the pull request of a signed delivery that is too large, and does not ask for that one again', async () => {
  github.setWebhook(await enlarging());
  const large = await openPull('large');
  await github.settled();
  expect(github.deliveries().at(-1)).toMatchObject({ event: 'pull_request', action: 'opened', status_code: 413 });
  expect(await reconcile()).toMatchObject({ outcome: 'done', resent: 0, started: 1 });
  await reviewed(large);
  expect(large.record()).toMatchObject({ checkRuns: [{}], reviews: [{}] });
});

import { PutSecretValueCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startSimulatedGithub, type SimulatedGithub } from '@agent-fleet/simulated-github';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocalFleet, type LocalFleet } from '#test/e2e/support/local-fleet.ts';
import { codeReviewSystem } from '../../system.ts';

/** Reviews of pull requests on the whole stack: signed webhook, state machine, delegation, and a simulated GitHub. */
let fleet: LocalFleet;
let github: SimulatedGithub;

beforeAll(async () => {
  fleet = await startLocalFleet({ stacks: ['code-review'], claude: { rules: [...codeReviewSystem.claudeRules] } });
  github = await startSimulatedGithub({ folder: join(fleet.home, 'github') });
  const secrets = new SecretsManagerClient(fleet.client);
  const app = { appId: github.app.id, privateKey: github.app.privateKey, apiUrl: github.url };
  const SecretId = fleet.output('code-review', 'GithubAppSecret');
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(app) }));
  const { SecretString: secret = '' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: fleet.output('code-review', 'GithubWebhookSecret') }),
  );
  github.setWebhook({ url: new URL('github/webhook', fleet.output('api', 'ApiUrl')).href, secret });
}, 120_000);

afterAll(async () => {
  await github.stop();
  await fleet[Symbol.asyncDispose]();
});

const REPOSITORY = 'octo-org/shop';
const CLEAN = 'export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n';

it('a pull request gets its findings, its verdict and its check run', async () => {
  await github.createRepository({ name: 'shop', files: { 'src/cart.ts': CLEAN } });
  const bad = `${CLEAN}export const find = (db, id) => db.query(\`SELECT * FROM carts WHERE id = '\${id}'\`);\n`;
  await github.push({ repository: REPOSITORY, branch: 'find', files: { 'src/cart.ts': bad } });
  const pull = await github.openPullRequest({ repository: REPOSITORY, head: 'find', title: 'Find carts' });
  await expect.poll(() => pull.record().decision, { timeout: 40_000, interval: 100 }).toBe('CHANGES_REQUESTED');
  const { comments, checkRuns } = pull.record();
  expect(comments).toMatchObject([{ path: 'src/cart.ts', line: 2 }]);
  await expect
    .poll(() => pull.record().checkRuns, { timeout: 20_000 })
    .toMatchObject([{ status: 'completed', conclusion: 'failure' }]);
  expect(checkRuns).toHaveLength(1);
  expect(github.deliveries().every(({ status }) => status === 'OK')).toBe(true);
}, 90_000);

import { join } from 'node:path';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';
import { startSimulatedGithub, type PullRequestHandle, type SimulatedGithub } from '@agent-fleet/simulated-github';
import { startLocalFleet, type LocalFleet, type LocalFleetOptions } from '#test/e2e/support/local-fleet.ts';
import { codeReviewSystem } from '../../system.ts';

/** The code-review system on a local cloud, as an app on a simulated GitHub. */
export interface ReviewedGithub {
  readonly fleet: LocalFleet;
  readonly github: SimulatedGithub;
  /** The webhook's URL and secret. */
  readonly webhook: { readonly url: string; readonly secret: string };
  /** Opens a pull request that adds lines to the file of a new repository. */
  open(name: string, lines: string, options?: { readonly draft?: boolean }): Promise<PullRequestHandle>;
  /** Adds lines to a pull request. */
  push(name: string, lines: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const FILE = 'src/cart.ts';
export const CLEAN = 'export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n';
export const INJECTION = "export const find = (db, id) => db.query(`SELECT * FROM carts WHERE id = '${id}'`);\n";

export async function startReviewedGithub(options: Partial<LocalFleetOptions> = {}): Promise<ReviewedGithub> {
  const { claude, ...others } = options;
  const rules = [...codeReviewSystem.claudeRules];
  const fleet = await startLocalFleet({ stacks: ['code-review'], claude: { rules, ...claude }, ...others });
  const { github, webhook } = await connectGithub({
    client: fleet.client,
    folder: join(fleet.home, 'github'),
    url: fleet.url,
    appSecret: fleet.output('code-review', 'GithubAppSecret'),
    webhookSecret: fleet.output('code-review', 'GithubWebhookSecret'),
  });
  const push = async (name: string, lines: string): Promise<string> =>
    github.push({ repository: `octo-org/${name}`, branch: 'change', files: { [FILE]: `${CLEAN}${lines}` } });
  return {
    fleet,
    github,
    webhook,
    push,
    async open(name, lines, { draft = false } = {}) {
      await github.createRepository({ name, files: { [FILE]: CLEAN } });
      await push(name, lines);
      return github.openPullRequest({ repository: `octo-org/${name}`, head: 'change', title: `Change ${name}`, draft });
    },
    async [Symbol.asyncDispose]() {
      await github.stop();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

interface ToConnect {
  readonly client: SecretsManagerClientConfig;
  /** Of the simulated GitHub's repositories. */
  readonly folder: string;
  /** The URL of the fleet's API. */
  readonly url: string;
  /** Names of the secrets. */
  readonly appSecret: string;
  readonly webhookSecret: string;
}

/** Starts a simulated GitHub whose app is the fleet. */
export async function connectGithub({ client, folder, url, appSecret, webhookSecret }: ToConnect) {
  const github = await startSimulatedGithub({ folder });
  const secrets = new SecretsManagerClient(client);
  const app = { appId: github.app.id, privateKey: github.app.privateKey, apiUrl: github.url };
  await secrets.send(new PutSecretValueCommand({ SecretId: appSecret, SecretString: JSON.stringify(app) }));
  const { SecretString: secret = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: webhookSecret }));
  secrets.destroy();
  const webhook = { url: new URL('github/webhook', `${url.replace(/\/$/, '')}/`).href, secret };
  github.setWebhook(webhook);
  return { github, webhook };
}

/** Reviews with a verdict, in their order. */
export const verdicts = (pull: PullRequestHandle) =>
  pull
    .record()
    .reviews.filter(({ state, body }) => state !== 'COMMENTED' || /^\*\*(?:Approved|Comment|Changes)/.test(body));

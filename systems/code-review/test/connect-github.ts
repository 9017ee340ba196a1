import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';
import { startSimulatedGithub, type PullRequestHandle } from '@agent-fleet/simulated-github';

export const CLEAN = 'export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n';
export const INJECTION = "export const find = (db, id) => db.query(`SELECT * FROM carts WHERE id = '${id}'`);\n";

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

import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { FleetClient } from '#client/index.ts';
import type { TaskView } from '#client/types.ts';
import { join } from 'node:path';
import { PROJECT } from '#cli/fleet/paths.ts';
import type { ApiAccess } from '../api-access.ts';
import type { Clients } from '../clients.ts';
import type { Findings } from '../findings.ts';
import { endsOf, statusesOf } from '../traffic.ts';

interface Options {
  readonly clients: Clients;
  readonly client: FleetClient;
  readonly access: ApiAccess;
  readonly webhookSecret: string;
  readonly findings: Findings;
  readonly signal: AbortSignal;
  readonly withModel: boolean;
}

const WRONG_SECRET = Buffer.from('not the secret of this webhook').toString('base64');

/** The support system's way to send messages: loaded by its path, since a fleet may lack the system. */
interface Webhooks {
  readonly shopWebhook: (
    api: string,
    secret: string,
  ) => (message: object) => Promise<{ readonly taskId: string | null; readonly refusal: string | null }>;
}

/** Sends a customer's message to the support system's webhook, as the shop does. */
export async function messageSupport(options: Options): Promise<readonly TaskView[]> {
  const { clients, client, access, webhookSecret, findings, signal, withModel } = options;
  const { shopWebhook } = (await import(join(PROJECT, 'systems/support/cli/webhook.ts'))) as Webhooks;
  const api = access.url.replace(/\/+$/, '');
  const message = { id: 'check-1', customerId: 'C-1', threadId: 'check', text: 'What are your opening hours?' };
  const refused = await shopWebhook(api, WRONG_SECRET)(message);
  findings.expect('webhook with a wrong signature', refused.refusal === '401', `answered ${refused.refusal}`);
  const { SecretString = '' } = await clients.secrets.send(new GetSecretValueCommand({ SecretId: webhookSecret }));
  const { taskId, refusal } = await shopWebhook(api, SecretString)(message);
  findings.expect('webhook', taskId !== null, taskId === null ? `refused: ${refusal}` : 'accepted as a task');
  if (taskId === null) return [];
  if (!withModel) {
    findings.notChecked('answer of support', 'needs a model');
    return [];
  }
  const tasks = await endsOf(client, [taskId], 180, signal);
  const answered = tasks.every(({ status }) => status === 'succeeded' || status === 'escalated');
  findings.expect('answer of support', answered, statusesOf(tasks));
  return tasks;
}

import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { awsError, type Remedies } from '#cli/aws-error.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import type { RunningFleet } from '#cli/fleet/registry.ts';

/** The outputs of the code-review stack that name its secrets. */
const secretOutputsSchema = z.object({ GithubWebhookSecret: z.string(), GithubAppSecret: z.string() });

/** Where a fleet receives GitHub's deliveries, and the names of its secrets. */
export interface FleetPlace {
  /** The address of its webhook. */
  readonly webhook: string;
  /** The secret that GitHub signs with. */
  readonly webhookSecret: string;
  /** The secret with the app's key. Undefined if nobody has named it. */
  readonly appSecret: string | undefined;
  /** Undefined for a deployed fleet: AWS itself. */
  readonly endpoint: string | undefined;
}

/** The place of the fleet on this machine. Throws a `UserError` when it does not have the system. */
export function localPlace({ outputs, api, endpoint }: RunningFleet): FleetPlace & { readonly appSecret: string } {
  const { GithubWebhookSecret: webhookSecret, GithubAppSecret: appSecret } = outputsOf(
    outputs,
    'code-review',
    secretOutputsSchema,
  );
  return { webhook: webhookOf(api.url), webhookSecret, appSecret, endpoint };
}

/** @param api the URL of the task API */
export const webhookOf = (api: string): string => `${api}/github/webhook`;

/** The secrets of a fleet. Errors of AWS get a remedy. */
export class FleetSecrets {
  readonly #client: SecretsManagerClient;
  readonly #isLocal: boolean;

  constructor(endpoint: string | undefined) {
    this.#isLocal = endpoint !== undefined;
    this.#client = new SecretsManagerClient(endpoint === undefined ? {} : localClient(endpoint));
  }

  async read(name: string): Promise<string> {
    const { SecretString: value = '' } = await this.#send(async () =>
      this.#client.send(new GetSecretValueCommand({ SecretId: name })),
    );
    return value;
  }

  async write(name: string, value: string): Promise<void> {
    await this.#send(async () => this.#client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value })));
  }

  close(): void {
    this.#client.destroy();
  }

  async #send<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      throw awsError(error, REMEDIES, this.#isLocal);
    }
  }
}

const REMEDIES: Remedies = {
  ResourceNotFoundException:
    'Check the name against the outputs GithubWebhookSecret and GithubAppSecret of the code-review stack.',
  AccessDeniedException: 'Use credentials that may call secretsmanager:GetSecretValue on the secret, and use its key.',
};

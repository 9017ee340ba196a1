import { handleJson } from '../http.ts';
import type { JsonProtocol } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Service, ServiceInput } from '../service.ts';
import type { SecretsAction } from './actions/action.ts';
import {
  createSecret,
  deleteSecret,
  describeSecret,
  listSecrets,
  provisionSecret,
  restoreSecret,
  updateSecret,
} from './actions/secrets.ts';
import { getSecretValue, putSecretValue } from './actions/values.ts';
import { SecretStore } from './store.ts';
import type { StoreOptions } from './store.ts';

const ACTIONS: Readonly<Record<string, SecretsAction>> = {
  CreateSecret: createSecret,
  DeleteSecret: deleteSecret,
  DescribeSecret: describeSecret,
  GetSecretValue: getSecretValue,
  ListSecrets: listSecrets,
  PutSecretValue: putSecretValue,
  RestoreSecret: restoreSecret,
  UpdateSecret: updateSecret,
};

/** In-process, `CreateSecret` returns an existing secret with its value unchanged, as provisioning a template requires. */
const IN_PROCESS: typeof ACTIONS = { ...ACTIONS, CreateSecret: provisionSecret };

export interface SecretsService extends Service {
  /** Returns the ARN of a secret by its name, or undefined if it does not exist. */
  arnOf(name: string): string | undefined;
}

/** The local Secrets Manager. SPECIFICATION.md lists what it supports. */
export function createSecretsManager(options: StoreOptions): SecretsService {
  const store = new SecretStore(options);

  function run(actions: typeof ACTIONS, action: string, input: ServiceInput) {
    const operation = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (operation === undefined) {
      throw new ServiceError('InvalidAction', `The local Secrets Manager does not support the action ${action}.`);
    }
    return operation(store, input);
  }

  const protocol: JsonProtocol = {
    version: '1.1',
    // A value of 64 KiB with every character escaped in JSON, plus the other fields.
    bodyLimit: 1024 ** 2,
    errorType: (code) => code,
    run: async (action, input) => run(ACTIONS, action, input),
  };

  return {
    name: 'secretsmanager',
    invoke: async (action, input) => run(IN_PROCESS, action, input),
    handle: (request, response, caller, authorize) => handleJson(protocol, request, response, caller, authorize),
    arnOf: (secret) => store.all.find(({ name }) => name === secret)?.arn,
    close: () => Promise.resolve(),
  };
}

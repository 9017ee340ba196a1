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

/** In-process, `CreateSecret` finds a secret that exists and leaves its value alone, as provisioning a template does. */
const IN_PROCESS: typeof ACTIONS = { ...ACTIONS, CreateSecret: provisionSecret };

export interface SecretsService extends Service {
  /** The ARN of a secret by its name; undefined when there is none. */
  arnOf(name: string): string | undefined;
}

/** Secrets Manager of the local cloud; see SPECIFICATION.md for what it honours. */
export function createSecretsManager(options: StoreOptions): SecretsService {
  const store = new SecretStore(options);

  function run(actions: typeof ACTIONS, action: string, input: ServiceInput) {
    const operation = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (operation === undefined) {
      throw new ServiceError('InvalidAction', `The local Secrets Manager has no action ${action}.`);
    }
    return operation(store, input);
  }

  const protocol: JsonProtocol = {
    version: '1.1',
    // A value of 64 KiB, all its characters escaped in JSON, and what goes with it.
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

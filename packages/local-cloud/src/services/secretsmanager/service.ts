import { handleJson } from '../http.ts';
import type { JsonProtocol } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Caller, Service, ServiceInput } from '../service.ts';
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
  /** Gives a secret a value that stays in memory, and that only roles may read. */
  seal(name: string, value: string): void;
}

/** The local Secrets Manager. SPECIFICATION.md lists what it supports. */
export function createSecretsManager(options: StoreOptions): SecretsService {
  const store = new SecretStore(options);

  function run(actions: typeof ACTIONS, action: string, input: ServiceInput, caller: Caller) {
    const operation = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (operation === undefined) {
      throw new ServiceError('InvalidAction', `The local Secrets Manager does not support the action ${action}.`);
    }
    checkSealed(store, action, input, caller);
    return operation(store, input);
  }

  const protocol: JsonProtocol = {
    version: '1.1',
    // A value of 64 KiB with every character escaped in JSON, plus the other fields.
    bodyLimit: 1024 ** 2,
    errorType: (code) => code,
    run: async (action, input, caller) => run(ACTIONS, action, input, caller),
  };

  return {
    name: 'secretsmanager',
    invoke: async (action, input, caller) => run(IN_PROCESS, action, input, caller),
    handle: (request, response, caller, authorize) => handleJson(protocol, request, response, caller, authorize),
    seal: (name, value) => store.seal(name, value),
    arnOf: (secret) => store.all.find(({ name }) => name === secret)?.arn,
    close: () => Promise.resolve(),
  };
}

/**
 * A sealed secret was given to the cloud at its start, such as the key of a paid API. The machine's own user, as whom any
 * program of this user may call, cannot read it here, and nobody can change or delete it.
 */
function checkSealed(store: SecretStore, action: string, input: ServiceInput, caller: Caller): void {
  const { SecretId: id } = input;
  const secret = typeof id === 'string' ? store.find(id) : undefined;
  if (secret === undefined || store.sealed(secret) === undefined) return;
  if (action === 'GetSecretValue' && caller.principal === 'root') {
    const message = `The value of ${secret.name} was given to the local cloud at its start. Only the roles to which the template grants it may read it.`;
    throw new ServiceError('AccessDeniedException', message);
  }
  if (
    action === 'PutSecretValue' ||
    action === 'DeleteSecret' ||
    (action === 'UpdateSecret' && ('SecretString' in input || 'SecretBinary' in input))
  ) {
    const message = `The value of ${secret.name} was given to the local cloud at its start. Start it again with another one.`;
    throw new ServiceError('InvalidRequestException', message);
  }
}

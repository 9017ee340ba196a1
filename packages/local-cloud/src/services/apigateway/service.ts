import { asServiceError, readBody, send } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Service, ServiceInput, ServiceOutput } from '../service.ts';
import type { ApiGatewayAction, ApiGatewayContext } from './actions/action.ts';
import { createApiKey, deleteApiKey, getApiKey, getApiKeys, updateApiKey } from './actions/api-keys.ts';
import { getRestApi, getRestApis, getStages } from './actions/rest-apis.ts';
import {
  createUsagePlanKey,
  deleteUsagePlanKey,
  getUsagePlanKey,
  getUsagePlanKeys,
} from './actions/usage-plan-keys.ts';
import {
  createUsagePlan,
  deleteUsagePlan,
  getUsagePlan,
  getUsagePlans,
  updateUsagePlan,
} from './actions/usage-plans.ts';
import { Apis } from './apis.ts';
import { createDataPlane } from './data-plane/data-plane.ts';
import type { DataPlaneOptions } from './data-plane/data-plane.ts';
import { noFront } from './data-plane/front.ts';
import type { ApiFront } from './data-plane/front.ts';
import { openApiServer } from './data-plane/server.ts';
import type { ApiServer } from './data-plane/server.ts';
import { apiEndpoints } from './endpoints.ts';
import type { ApiEndpoint } from './endpoints.ts';
import { KeyStore } from './keys.ts';
import { requestOf } from './wire.ts';

export interface ApiGatewayOptions extends Omit<DataPlaneOptions, 'apis' | 'keys'> {
  /** Folder of `keys.json`. */
  readonly dataDir: string;
}

/** The parts of API Gateway: its own API, the APIs it serves, and their shared state. */
export interface ApiGatewayParts {
  /** `apigateway` is its own API, `execute-api` serves the APIs. */
  readonly services: readonly Service[];
  readonly apis: Apis;
  readonly keys: KeyStore;
  /** Opens the API port if there are any APIs, and returns their endpoints. Throws if the port is in use. */
  open(port: number, front?: ApiFront): Promise<readonly ApiEndpoint[]>;
  /** Stops accepting connections on that port. Running requests are completed. Closing the services closes the port. */
  stop(): void;
}

const ACTIONS: Readonly<Record<string, ApiGatewayAction>> = {
  CreateApiKey: createApiKey,
  CreateUsagePlan: createUsagePlan,
  CreateUsagePlanKey: createUsagePlanKey,
  DeleteApiKey: deleteApiKey,
  DeleteUsagePlan: deleteUsagePlan,
  DeleteUsagePlanKey: deleteUsagePlanKey,
  GetApiKey: getApiKey,
  GetApiKeys: getApiKeys,
  GetRestApi: getRestApi,
  GetRestApis: getRestApis,
  GetStages: getStages,
  GetUsagePlan: getUsagePlan,
  GetUsagePlanKey: getUsagePlanKey,
  GetUsagePlanKeys: getUsagePlanKeys,
  GetUsagePlans: getUsagePlans,
  UpdateApiKey: updateApiKey,
  UpdateUsagePlan: updateUsagePlan,
};

const BODY_LIMIT = 1024 ** 2;

/** The local API Gateway, for REST APIs only. SPECIFICATION.md lists what it supports. */
export function openApiGateway(options: ApiGatewayOptions): ApiGatewayParts {
  const apis = new Apis();
  const keys = new KeyStore(options.dataDir);
  const context: ApiGatewayContext = { apis, keys, now: options.now ?? Date.now };
  const run = (action: string, input: ServiceInput): ServiceOutput => {
    const operation = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (operation === undefined) {
      throw new ServiceError('InvalidAction', `The local API Gateway does not support the action ${action}.`);
    }
    return operation(context, input);
  };

  const handle: Service['handle'] = async (request, response, _caller, authorize) => {
    const headers = { 'content-type': 'application/json' };
    try {
      const body = await readBody(request, BODY_LIMIT);
      const { action, input, status } = requestOf(request, body);
      authorize(action, input);
      const output = run(action, input);
      send(response, status, status === 202 ? '' : JSON.stringify(output), headers);
    } catch (thrown) {
      const { code, message, status } = asServiceError(thrown);
      send(response, status, JSON.stringify({ message }), { ...headers, 'x-amzn-errortype': code });
    }
  };

  const service: Service = {
    name: 'apigateway',
    invoke: async (action, input) => run(action, input),
    handle,
    // The counts of the quotas are not saved on each request.
    close: async () => keys.saveCounts(),
  };
  const dataPlane = createDataPlane({ ...options, apis, keys });
  let server: ApiServer | undefined;
  return {
    apis,
    keys,
    services: [service, { ...dataPlane, close: async () => server?.close() }],
    open: async (port, front = noFront) => {
      if (apis.all.length === 0) return [];
      server = await openApiServer(port, dataPlane, front);
      return apiEndpoints(apis, server.endpoint);
    },
    stop: () => server?.stop(),
  };
}

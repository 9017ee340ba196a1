import { createHash } from 'node:crypto';
import type { Caller } from '../service.ts';

/** Requests per second at which a bucket refills, and its size. Undefined: no limit of this kind. */
export interface Throttle {
  readonly rate: number | undefined;
  readonly burst: number | undefined;
}

/** The integration that handles a method's requests. */
export type Integration =
  | {
      readonly kind: 'lambda';
      /** The function's ARN, with its version or alias. */
      readonly functionArn: string;
      readonly timeoutMs: number;
      /** The role for the call. Undefined: API Gateway calls as itself, which the function's policy must allow. */
      readonly caller: Caller | undefined;
    }
  | {
      readonly kind: 'mock';
      readonly status: number | undefined;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

export interface Method {
  readonly authorizerId: string | undefined;
  readonly apiKeyRequired: boolean;
  readonly integration: Integration;
  /** Names of required parameters, as `querystring.q` or `header.X`. */
  readonly requiredParameters: readonly string[];
  readonly operationName: string | undefined;
}

/** A node in an API's path tree, with its methods by name, including `ANY`. */
export interface Resource {
  readonly id: string;
  readonly parentId: string | undefined;
  /** `tasks`, `{id}` or `{proxy+}`; empty for the root. */
  readonly part: string;
  readonly methods: Map<string, Method>;
}

export interface Authorizer {
  readonly id: string;
  readonly type: 'TOKEN' | 'REQUEST';
  readonly functionArn: string;
  readonly caller: Caller | undefined;
  /** `header.Authorization`, `querystring.q`, `stageVariables.v`, `context.httpMethod` */
  readonly identitySources: readonly string[];
  readonly validation: RegExp | undefined;
  readonly ttlSeconds: number;
}

export interface Stage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Keyed by `<path> <METHOD>`. `* *` applies to all methods. */
  readonly throttles: ReadonlyMap<string, Throttle>;
}

export interface GatewayResponse {
  readonly status: number | undefined;
  /** Values as in the template: `'literal'`, `context.requestId`, … */
  readonly headers: Readonly<Record<string, string>>;
  /** Bodies by content type. */
  readonly templates: Readonly<Record<string, string>>;
}

export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly rootId: string;
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER';
  readonly binaryMediaTypes: readonly string[];
  readonly disabled: boolean;
  readonly resources: Map<string, Resource>;
  readonly authorizers: Map<string, Authorizer>;
  readonly stages: Map<string, Stage>;
  readonly gatewayResponses: Map<string, GatewayResponse>;
  /** Ids of the validators that check parameters. */
  readonly parameterValidators: Set<string>;
}

/** All APIs of the templates. */
export class Apis {
  readonly #apis = new Map<string, RestApi>();

  add(given: Pick<RestApi, 'id' | 'name' | 'description' | 'apiKeySource' | 'binaryMediaTypes' | 'disabled'>): RestApi {
    const rootId = generateId(`${given.id}/`, 10);
    const api: RestApi = {
      ...given,
      rootId,
      createdAt: Date.now(),
      resources: new Map([[rootId, { id: rootId, parentId: undefined, part: '', methods: new Map() }]]),
      authorizers: new Map(),
      stages: new Map(),
      gatewayResponses: new Map(),
      parameterValidators: new Set(),
    };
    this.#apis.set(given.id, api);
    return api;
  }

  get all(): readonly RestApi[] {
    return [...this.#apis.values()];
  }

  find(id: string): RestApi | undefined {
    return this.#apis.get(id);
  }

  /** Returns the only stage of all APIs, which is served at the root of the API port. Undefined if there are none or several. */
  singleStage(): { readonly api: RestApi; readonly stage: Stage } | undefined {
    const stages = this.all.flatMap((api) => [...api.stages.values()].map((stage) => ({ api, stage })));
    return stages.length === 1 ? stages[0] : undefined;
  }
}

/** Returns a resource's path from the root, such as `/tasks/{id}`. */
export function pathOf(api: RestApi, resource: Resource): string {
  const parts: string[] = [];
  for (let at: Resource | undefined = resource; at !== undefined && at.id !== api.rootId;) {
    parts.unshift(at.part);
    at = at.parentId === undefined ? undefined : api.resources.get(at.parentId);
  }
  return `/${parts.join('/')}`;
}

/** Generates an id of digits and lower-case letters, as on AWS. The same name always gets the same id. */
export function generateId(name: string, length: number): string {
  const digest = createHash('sha256').update(name).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(0, length);
}

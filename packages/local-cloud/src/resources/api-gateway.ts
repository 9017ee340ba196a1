import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import { generateId } from '../services/apigateway/apis.ts';
import type { RestApi, Throttle } from '../services/apigateway/apis.ts';
import { cfnBoolean, cfnNumber, ignored, resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

/** Returns the API of a resource. Throws an `AssemblyError` when it is not in the assembly. */
export function apiOf(id: string, { host, where }: ResourceContext): RestApi {
  const api = host.apiGateway.apis.find(id);
  if (api === undefined) throw new AssemblyError(where, `the RestApi ${id} is not in the assembly.`);
  return api;
}

export const restApi = resourceType(
  'AWS::ApiGateway::RestApi',
  z.strictObject({
    Name: z.string().optional(),
    Description: z.string().optional(),
    ApiKeySourceType: z.enum(['HEADER', 'AUTHORIZER']).default('HEADER'),
    BinaryMediaTypes: z.array(z.string()).default([]),
    DisableExecuteApiEndpoint: cfnBoolean.default(false),
    /** Every API is reachable on this machine only. */
    EndpointConfiguration: ignored,
    /** Responses are never compressed. */
    MinimumCompressionSize: ignored,
    /** There is no TLS here. */
    SecurityPolicy: ignored,
    FailOnWarnings: ignored,
    Tags: ignored,
  }),
  (given, context) => {
    const id = generateId(context.where, 10);
    const api = context.host.apiGateway.apis.add({
      id,
      name: given.Name ?? context.physicalName(128),
      description: given.Description,
      apiKeySource: given.ApiKeySourceType,
      binaryMediaTypes: given.BinaryMediaTypes.map((type) => type.replaceAll('~1', '/')),
      disabled: given.DisableExecuteApiEndpoint,
    });
    return { ref: id, attributes: { RestApiId: id, RootResourceId: api.rootId } };
  },
);

export const apiResource = resourceType(
  'AWS::ApiGateway::Resource',
  z.strictObject({
    RestApiId: z.string(),
    ParentId: z.string(),
    PathPart: z.string().regex(/^(\{[\w.-]+\+?\}|[\w.\-:~$*!@]+)$/, 'must be a name, {name} or {name+}'),
  }),
  ({ RestApiId, ParentId, PathPart }, context) => {
    const api = apiOf(RestApiId, context);
    const id = generateId(context.where, 6);
    if (!api.resources.has(ParentId))
      throw new AssemblyError(context.where, `the resource ${ParentId} does not exist.`);
    api.resources.set(id, { id, parentId: ParentId, part: PathPart, methods: new Map() });
    return { ref: id, attributes: { ResourceId: id } };
  },
);

/** A stage serves the API as in the template, so a deployment copies nothing. */
export const deployment = resourceType(
  'AWS::ApiGateway::Deployment',
  z.strictObject({ RestApiId: z.string(), StageName: z.string().optional(), Description: ignored }),
  ({ RestApiId, StageName }, context) => {
    const api = apiOf(RestApiId, context);
    const id = generateId(context.where, 6);
    if (StageName !== undefined) {
      api.stages.set(StageName, { name: StageName, deploymentId: id, variables: {}, throttles: new Map() });
    }
    return { ref: id, attributes: { DeploymentId: id } };
  },
);

const methodSetting = z.strictObject({
  ResourcePath: z.string().default('/*'),
  HttpMethod: z.string().default('*'),
  ThrottlingRateLimit: cfnNumber.optional(),
  ThrottlingBurstLimit: cfnNumber.optional(),
  /** Failures are reported as events. Nothing is measured here. */
  LoggingLevel: ignored,
  MetricsEnabled: ignored,
  DataTraceEnabled: ignored,
  /** Nothing is cached here. */
  CachingEnabled: ignored,
  CacheTtlInSeconds: ignored,
  CacheDataEncrypted: ignored,
});

export const stage = resourceType(
  'AWS::ApiGateway::Stage',
  z.strictObject({
    RestApiId: z.string(),
    DeploymentId: z.string().default(''),
    StageName: z.string().regex(/^[\w-]{1,128}$/),
    Variables: z.record(z.string(), z.string()).default({}),
    MethodSettings: z.array(methodSetting).default([]),
    /** There are no access logs, traces, caches, documentation or backend certificates here. */
    AccessLogSetting: ignored,
    TracingEnabled: ignored,
    CacheClusterEnabled: ignored,
    CacheClusterSize: ignored,
    ClientCertificateId: ignored,
    DocumentationVersion: ignored,
    Description: ignored,
    Tags: ignored,
  }),
  (given, context) => {
    const settings = given.MethodSettings.map((setting): [string, Throttle] => [
      `${settingPath(setting.ResourcePath)} ${setting.HttpMethod}`,
      { rate: limit(setting.ThrottlingRateLimit), burst: limit(setting.ThrottlingBurstLimit) },
    ]);
    const name = given.StageName;
    const throttles = new Map(settings.filter(([, { rate, burst }]) => rate !== undefined || burst !== undefined));
    apiOf(given.RestApiId, context).stages.set(name, {
      name,
      deploymentId: given.DeploymentId,
      variables: given.Variables,
      throttles,
    });
    return { ref: name, attributes: {} };
  },
);

/** Reads the path of a method setting. `/*` means every path; otherwise slashes are written as `~1`: `/~1tasks~1{id}`. */
function settingPath(path: string): string {
  return path === '/*' ? '*' : path.replace(/^\//, '').replaceAll('~1', '/');
}

/** -1 disables a limit. */
function limit(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}

const HEADER = 'gatewayresponse.header.';

export const gatewayResponse = resourceType(
  'AWS::ApiGateway::GatewayResponse',
  z.strictObject({
    RestApiId: z.string(),
    ResponseType: z.string(),
    StatusCode: cfnNumber.pipe(z.int().min(200).max(599)).optional(),
    ResponseParameters: z
      .record(z.string().startsWith(HEADER, 'only headers can be set: gatewayresponse.header.NAME'), z.string())
      .default({}),
    ResponseTemplates: z.record(z.string(), z.string()).default({}),
  }),
  (given, context) => {
    const headers = Object.entries(given.ResponseParameters).map(([name, value]) => [name.slice(HEADER.length), value]);
    apiOf(given.RestApiId, context).gatewayResponses.set(given.ResponseType, {
      status: given.StatusCode,
      headers: Object.fromEntries(headers) as Record<string, string>,
      templates: given.ResponseTemplates,
    });
    const id = generateId(context.where, 6);
    return { ref: id, attributes: { Id: id } };
  },
);

export const requestValidator = resourceType(
  'AWS::ApiGateway::RequestValidator',
  z.strictObject({
    RestApiId: z.string(),
    Name: ignored,
    ValidateRequestParameters: cfnBoolean.default(false),
    /** Bodies are not validated against models here: a function receives bodies that AWS would have rejected. */
    ValidateRequestBody: ignored,
  }),
  ({ RestApiId, ValidateRequestParameters }, context) => {
    const id = generateId(context.where, 6);
    if (ValidateRequestParameters) apiOf(RestApiId, context).parameterValidators.add(id);
    return { ref: id, attributes: { RequestValidatorId: id } };
  },
);

/** Models validate bodies, which is not supported, and describe generated clients. */
export const model = resourceType(
  'AWS::ApiGateway::Model',
  z.strictObject({
    RestApiId: z.string(),
    Name: z.string().optional(),
    ContentType: ignored,
    Schema: ignored,
    Description: ignored,
  }),
  ({ Name }, context) => {
    const name = Name ?? context.physicalName(128).replaceAll('-', '');
    return { ref: name, attributes: {} };
  },
);

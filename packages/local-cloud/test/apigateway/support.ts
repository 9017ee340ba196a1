import { functionResource } from '../../testing/cloud.ts';
import type { Fixture } from '../../testing/cloud.ts';

type Json = Readonly<Record<string, unknown>>;

/** An API for a fixture: its methods as `GET /tasks/{id}`, each with additional template properties. */
export interface ApiFixture {
  readonly methods: Readonly<Record<string, Json>>;
  readonly api?: Json;
  readonly stage?: Json;
  /** The code of the function for all methods and of the optional authorizer. */
  readonly worker?: string;
  readonly authorizerCode?: string;
  readonly authorizer?: Json;
  readonly more?: Json;
  readonly grants?: readonly Json[];
}

/** A function that returns its event. */
export const ECHO = `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`;

export const REF_API = { Ref: 'Api' };

/** A fixture with one API and the stage `v1`. */
export function apiFixture({
  methods,
  api,
  stage,
  worker = ECHO,
  authorizerCode,
  authorizer,
  more,
  grants,
}: ApiFixture): Fixture {
  const resources: Record<string, unknown> = {
    Worker: functionResource('worker'),
    MayInvoke: permission('Worker', '/*/*'),
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'fixture', ...api } },
    Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: REF_API } },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: REF_API, DeploymentId: { Ref: 'Deployment' }, StageName: 'v1', ...stage },
    },
  };
  if (authorizerCode !== undefined) {
    resources['AuthorizerFunction'] = functionResource('authorizer');
    resources['MayAuthorize'] = permission('AuthorizerFunction', '/authorizers/*');
    resources['Authorizer'] = authorizerResource(authorizer ?? {});
  }
  for (const [name, properties] of Object.entries(methods)) addMethod(resources, name, properties);
  return {
    resources: { ...resources, ...more },
    outputs: { Url: { Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${Stage}/' } } },
    code: { worker, ...(authorizerCode !== undefined && { authorizer: authorizerCode }) },
    ...(grants !== undefined && { grants }),
  };
}

/** Properties of a method that uses the authorizer. */
export const CUSTOM = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } };

export function permission(fn: string, path: string): Json {
  const SourceArn = { 'Fn::Sub': `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}${path}` };
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [fn, 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
      SourceArn,
    },
  };
}

export function uri(arn: unknown): Json {
  const parts = [
    'arn:aws:apigateway:',
    { Ref: 'AWS::Region' },
    ':lambda:path/2015-03-31/functions/',
    arn,
    '/invocations',
  ];
  return { 'Fn::Join': ['', parts] };
}

function authorizerResource(properties: Json): Json {
  return {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: {
      RestApiId: REF_API,
      Name: 'authorizer',
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerUri: uri({ 'Fn::GetAtt': ['AuthorizerFunction', 'Arn'] }),
      ...properties,
    },
  };
}

function addMethod(resources: Record<string, unknown>, name: string, properties: Json): void {
  const [HttpMethod = '', path = ''] = name.split(' ');
  let ResourceId: Json = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
  let id = 'Path';
  for (const PathPart of path.split('/').slice(1).filter(Boolean)) {
    id += PathPart.replaceAll(/\W/g, '_');
    resources[id] = {
      Type: 'AWS::ApiGateway::Resource',
      Properties: { RestApiId: REF_API, ParentId: ResourceId, PathPart },
    };
    ResourceId = { Ref: id };
  }
  const Integration = {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: uri({ 'Fn::GetAtt': ['Worker', 'Arn'] }),
  };
  resources[`${HttpMethod}${id}`] = {
    Type: 'AWS::ApiGateway::Method',
    Properties: { RestApiId: REF_API, ResourceId, HttpMethod, Integration, ...properties },
  };
}

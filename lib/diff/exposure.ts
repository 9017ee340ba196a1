import { canonical, isRecord, recordOf, refersTo, type Access } from './access.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Collects what one resource opens and what protects it. */
export interface Notes {
  grant(line: string): void;
  guard(line: string, owners?: readonly string[]): void;
  /** At most this much, also as text; undefined is no limit. */
  limit(line: string, value: unknown): void;
}

export function notesOf(access: Access, name: string, id: string): Notes {
  return {
    grant: (line) => access.grants.add(`${name}: ${line}`),
    guard: (line, owners = [id]) => access.guards.set(`${name}: ${line}`, owners),
    limit: (line, value) => {
      const bound = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof bound === 'number' && !Number.isNaN(bound))
        access.limits.set(`${name}: ${line}`, { value: bound, owner: id });
      // What a parameter or a condition decides is not known, so a change of it is seen.
      else if (isSet(bound)) access.grants.add(`${name}: ${line} ${canonical(bound)}`);
    },
  };
}

/** What a type of resource opens or protects besides its policies. */
type Reader = (properties: Properties, notes: Notes) => void;

/** Each value of the properties, whatever it is, protects: any other value is a line less. */
const guards =
  (...names: readonly string[]): Reader =>
  (properties, notes) => {
    for (const name of names) if (isSet(properties[name])) notes.guard(`${name} ${canonical(properties[name])}`);
  };

/** Each item of the properties opens something. */
const grants =
  (...names: readonly string[]): Reader =>
  (properties, notes) => {
    for (const name of names)
      for (const item of [properties[name]].flat()) if (isSet(item)) notes.grant(`${name} ${canonical(item)}`);
  };

const all =
  (...readers: readonly Reader[]): Reader =>
  (properties, notes) => {
    for (const read of readers) read(properties, notes);
  };

const isSet = (value: unknown): boolean => value !== undefined && value !== false && value !== null && value !== '';

/** The whole resource opens something: any change of it is a line more. */
const whole: Reader = (properties, notes) => notes.grant(canonical(properties));

const nothing: Reader = () => undefined;

const method: Reader = (
  { ApiKeyRequired, AuthorizationType = 'NONE', AuthorizerId, AuthorizationScopes, HttpMethod },
  notes,
) => {
  if (ApiKeyRequired === true) notes.guard('needs an API key');
  else notes.grant(`${String(HttpMethod)} without an API key`);
  if (AuthorizationType === 'NONE') notes.grant(`${String(HttpMethod)} without authorization`);
  else notes.guard(`is authorized by ${canonical({ AuthorizationType, AuthorizerId, AuthorizationScopes })}`);
};

const route: Reader = ({ ApiKeyRequired, RouteKey, ...rest }, notes) =>
  method({ ApiKeyRequired, HttpMethod: RouteKey, ...rest }, notes);

/** Everything that decides whom an authorizer lets through. */
const authorizer: Reader = (properties, notes) => {
  const decides = Object.entries(properties).filter(([name]) => name !== 'Name' && name !== 'RestApiId');
  notes.guard(`decides by ${canonical(Object.fromEntries(decides))}`);
};

const stage: Reader = ({ MethodSettings = [], ...rest }, notes) => {
  guards('ClientCertificateId', 'WebAclArn')(rest, notes);
  for (const each of [MethodSettings].flat()) {
    const { ResourcePath, HttpMethod, ThrottlingRateLimit, ThrottlingBurstLimit, DataTraceEnabled } = recordOf(each);
    const of = `${String(HttpMethod)} ${String(ResourcePath)}`;
    // It replaces the settings of all methods, so its own may be higher.
    if (HttpMethod !== '*' || ResourcePath !== '/*') notes.grant(`${of} has settings of its own`);
    notes.limit(`requests per second of ${of}:`, ThrottlingRateLimit);
    notes.limit(`requests at once of ${of}:`, ThrottlingBurstLimit);
    if (isSet(DataTraceEnabled)) notes.grant(`logs the requests and responses of ${of}`);
  }
};

const usagePlan: Reader = ({ Throttle, Quota, ApiStages }, notes) => {
  const { RateLimit, BurstLimit } = recordOf(Throttle);
  notes.limit('requests per second:', RateLimit);
  notes.limit('requests at once:', BurstLimit);
  const { Limit, Period } = recordOf(Quota);
  notes.limit(`requests per ${String(Period)}:`, Limit);
  grants('ApiStages')({ ApiStages }, notes);
};

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

const bucket: Reader = (properties, notes) => {
  const { PublicAccessBlockConfiguration, AccessControl = 'Private' } = properties;
  guards(...BLOCKS)(recordOf(PublicAccessBlockConfiguration), notes);
  if (AccessControl !== 'Private') notes.grant(`AccessControl ${canonical(AccessControl)}`);
  guards('BucketEncryption', 'OwnershipControls', 'LoggingConfiguration')(properties, notes);
  grants('WebsiteConfiguration', 'ReplicationConfiguration')(properties, notes);
  grants('CorsRules')(recordOf(properties['CorsConfiguration']), notes);
};

const table: Reader = (properties, notes) => {
  guards('SSESpecification')(properties, notes);
  grants('StreamSpecification', 'KinesisStreamSpecification')(properties, notes);
  for (const replica of [properties['Replicas'] ?? []].flat()) {
    const { Region, SSESpecification } = recordOf(replica);
    notes.grant(`a copy in ${canonical(Region)}`);
    if (isSet(SSESpecification)) notes.guard(`SSESpecification ${canonical(SSESpecification)} in ${canonical(Region)}`);
  }
};

const stateMachine: Reader = (properties, notes) => {
  guards('EncryptionConfiguration')(properties, notes);
  if (
    recordOf(properties['LoggingConfiguration'])['IncludeExecutionData'] !== false &&
    isSet(properties['LoggingConfiguration'])
  )
    notes.grant('logs inputs and outputs');
};

const identity = all(grants('ManagedPolicyArns', 'Groups', 'LoginProfile'), guards('PermissionsBoundary'));
const attached = grants('Roles', 'Users', 'Groups', 'RoleName', 'UserName', 'GroupName');

/** The association of a web ACL: without it, what it protects is open. */
const association: Reader = (properties, notes) =>
  notes.guard(canonical(properties), refersTo(properties['ResourceArn']));

/** The types that this check knows. Of any other one, each new or changed resource is listed. */
const READERS: Readonly<Record<string, Reader>> = {
  'AWS::ApiGateway::Account': nothing,
  'AWS::ApiGateway::ApiKey': grants('Name', 'StageKeys', 'Enabled'),
  'AWS::ApiGateway::Authorizer': authorizer,
  'AWS::ApiGateway::Deployment': nothing,
  'AWS::ApiGateway::GatewayResponse': nothing,
  'AWS::ApiGateway::Method': method,
  'AWS::ApiGateway::Model': nothing,
  'AWS::ApiGateway::RequestValidator': nothing,
  'AWS::ApiGateway::Resource': nothing,
  'AWS::ApiGateway::RestApi': all(
    guards('ApiKeySourceType', 'DisableExecuteApiEndpoint', 'EndpointConfiguration', 'SecurityPolicy'),
    // A definition holds methods and authorizers, each of which opens and protects something.
    grants('Body', 'BodyS3Location'),
  ),
  'AWS::ApiGateway::Stage': stage,
  'AWS::ApiGateway::UsagePlan': usagePlan,
  'AWS::ApiGateway::UsagePlanKey': whole,
  'AWS::ApiGatewayV2::Authorizer': authorizer,
  'AWS::ApiGatewayV2::Route': route,
  'AWS::CDK::Metadata': nothing,
  'AWS::CloudWatch::Alarm': nothing,
  'AWS::CloudWatch::CompositeAlarm': nothing,
  'AWS::CloudWatch::Dashboard': nothing,
  'AWS::CodeDeploy::Application': nothing,
  'AWS::CodeDeploy::DeploymentGroup': nothing,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Rule': nothing,
  'AWS::IAM::AccessKey': whole,
  'AWS::IAM::Group': identity,
  'AWS::IAM::GroupPolicy': attached,
  'AWS::IAM::InstanceProfile': attached,
  'AWS::IAM::ManagedPolicy': attached,
  'AWS::IAM::Policy': attached,
  'AWS::IAM::Role': identity,
  'AWS::IAM::RolePolicy': attached,
  'AWS::IAM::User': identity,
  'AWS::IAM::UserPolicy': attached,
  'AWS::IAM::UserToGroupAddition': whole,
  'AWS::Kinesis::Stream': guards('StreamEncryption'),
  'AWS::KMS::Alias': nothing,
  'AWS::KMS::Key': guards('EnableKeyRotation'),
  'AWS::Lambda::Alias': nothing,
  'AWS::Lambda::EventInvokeConfig': grants('DestinationConfig'),
  'AWS::Lambda::EventSourceMapping': grants('EventSourceArn', 'DestinationConfig'),
  'AWS::Lambda::Function': all(guards('CodeSigningConfigArn', 'KmsKeyArn', 'VpcConfig'), grants('Layers')),
  'AWS::Lambda::LayerVersionPermission': whole,
  'AWS::Lambda::Permission': whole,
  'AWS::Lambda::Url': whole,
  'AWS::Lambda::Version': nothing,
  'AWS::Logs::LogGroup': guards('KmsKeyId', 'DataProtectionPolicy'),
  'AWS::Logs::QueryDefinition': nothing,
  'AWS::Logs::ResourcePolicy': nothing,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': grants('Bucket'),
  'AWS::SNS::Subscription': whole,
  'AWS::SNS::Topic': all(guards('KmsMasterKeyId', 'DataProtectionPolicy'), grants('Subscription')),
  'AWS::SNS::TopicPolicy': grants('Topics'),
  'AWS::SQS::Queue': guards('KmsMasterKeyId', 'RedriveAllowPolicy', 'SqsManagedSseEnabled'),
  'AWS::SQS::QueuePolicy': grants('Queues'),
  'AWS::Scheduler::Schedule': nothing,
  'AWS::SecretsManager::ResourcePolicy': all(grants('SecretId'), guards('BlockPublicPolicy')),
  'AWS::SecretsManager::Secret': all(guards('KmsKeyId'), grants('ReplicaRegions')),
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::WAFv2::WebACLAssociation': association,
};

/** Adds what a resource opens, and what protects it, besides its policies. */
export function addExposure(type: string, properties: Properties, notes: Notes): void {
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (read === undefined) notes.grant(`${type} is a type that this check does not know: ${canonical(properties)}`);
  else read(properties, notes);
  for (const role of rolesIn(properties)) notes.grant(`acts as ${role}`);
}

/** Properties, wherever they are, that name the role under which AWS acts for the resource. */
const ROLES =
  /^(Role|RoleArn|RoleARN|ServiceRoleArn|ExecutionRoleArn|TaskRoleArn|Credentials|InvocationRole|AuthorizerCredentials)$/;

function rolesIn(value: unknown): string[] {
  if (!isRecord(value)) return Array.isArray(value) ? value.flatMap(rolesIn) : [];
  return Object.entries(value).flatMap(([key, part]) =>
    ROLES.test(key) && isSet(part) ? [canonical(part)] : rolesIn(part),
  );
}

import { describe, expect, it } from 'vitest';
import type { Template } from '#lib/diff/read-templates.ts';
import { allow, counts, none, only, policy, type Properties } from '../support/diffed-templates.ts';

const BOUNDARY = { PermissionsBoundary: 'arn:boundary' };
const ALL_METHODS = { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5 };
const METHOD = { HttpMethod: 'GET', ApiKeyRequired: true, AuthorizationType: 'CUSTOM', AuthorizerId: 'a' };
const AUTHORIZER = { AuthorizerUri: 'u', IdentityValidationExpression: '^x$', AuthorizerResultTtlInSeconds: 60 };
const BLOCKED = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const PERMISSION = { Action: 'lambda:InvokeFunction', Principal: 's3', SourceArn: 'arn:b', SourceAccount: '1' };
const trust = (Service: unknown) => ({
  AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }] },
});

describe('every way by which a change of a resource opens more', () => {
  it.each<[string, string, Properties, Properties]>([
    ['a policy of one more role', 'AWS::IAM::Policy', { Roles: ['a'] }, { Roles: ['a', 'b'] }],
    ['a policy of a user', 'AWS::IAM::ManagedPolicy', { Roles: ['a'] }, { Roles: ['a'], Users: ['u'] }],
    ['a managed policy', 'AWS::IAM::Role', {}, { ManagedPolicyArns: ['arn:p'] }],
    ['one more managed policy', 'AWS::IAM::Role', { ManagedPolicyArns: ['a'] }, { ManagedPolicyArns: ['a', 'b'] }],
    ['no permissions boundary', 'AWS::IAM::Role', BOUNDARY, {}],
    ['another permissions boundary', 'AWS::IAM::Role', BOUNDARY, { PermissionsBoundary: 'arn:other' }],
    ['no boundary of a user', 'AWS::IAM::User', BOUNDARY, {}],
    ['trust in another service', 'AWS::IAM::Role', trust('lambda'), trust(['lambda', 'ec2'])],
    [
      'an inline policy',
      'AWS::IAM::Role',
      {},
      { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [allow('*', '*')] } }] },
    ],
    ['a group of a user', 'AWS::IAM::User', { Groups: ['a'] }, { Groups: ['a', 'admins'] }],
    ['no API key', 'AWS::ApiGateway::Method', METHOD, { ...METHOD, ApiKeyRequired: false }],
    [
      'an API key by condition',
      'AWS::ApiGateway::Method',
      METHOD,
      { ...METHOD, ApiKeyRequired: { 'Fn::If': ['x', true, false] } },
    ],
    ['no authorizer', 'AWS::ApiGateway::Method', METHOD, { HttpMethod: 'GET', ApiKeyRequired: true }],
    ['another authorizer', 'AWS::ApiGateway::Method', METHOD, { ...METHOD, AuthorizerId: 'b' }],
    [
      'an authorizer that takes other tokens',
      'AWS::ApiGateway::Authorizer',
      AUTHORIZER,
      { ...AUTHORIZER, IdentityValidationExpression: '.*' },
    ],
    [
      'an authorizer’s answers kept longer',
      'AWS::ApiGateway::Authorizer',
      AUTHORIZER,
      { ...AUTHORIZER, AuthorizerResultTtlInSeconds: 3600 },
    ],
    [
      'a throttle of one method beside that of all',
      'AWS::ApiGateway::Stage',
      { MethodSettings: [ALL_METHODS] },
      { MethodSettings: [ALL_METHODS, { ResourcePath: '/tasks', HttpMethod: 'POST', ThrottlingRateLimit: 10_000 }] },
    ],
    [
      'a throttle as text',
      'AWS::ApiGateway::Stage',
      { MethodSettings: [{ ...ALL_METHODS, ThrottlingRateLimit: '5' }] },
      { MethodSettings: [{ ...ALL_METHODS, ThrottlingRateLimit: '50' }] },
    ],
    [
      'a throttle by condition',
      'AWS::ApiGateway::UsagePlan',
      { Throttle: { RateLimit: { 'Fn::If': ['x', 5, 6] } } },
      { Throttle: { RateLimit: { 'Fn::If': ['x', 5, 600] } } },
    ],
    [
      'a method without security in an API’s definition',
      'AWS::ApiGateway::RestApi',
      { Body: { paths: { '/': { get: { security: [{ key: [] }] } } } } },
      { Body: { paths: { '/': { get: {} } } } },
    ],
    [
      'another definition of an API',
      'AWS::ApiGateway::RestApi',
      { BodyS3Location: { Key: 'a' } },
      { BodyS3Location: { Key: 'b' } },
    ],
    ['no throttle of a stage', 'AWS::ApiGateway::Stage', { MethodSettings: [{ ThrottlingRateLimit: 5 }] }, {}],
    [
      'a plan with more requests',
      'AWS::ApiGateway::UsagePlan',
      { Throttle: { RateLimit: 5 } },
      { Throttle: { RateLimit: 6 } },
    ],
    ['a plan without quota', 'AWS::ApiGateway::UsagePlan', { Quota: { Limit: 5, Period: 'DAY' } }, {}],
    [
      'an API that is no longer private',
      'AWS::ApiGateway::RestApi',
      { EndpointConfiguration: { Types: ['PRIVATE'] } },
      {},
    ],
    [
      'an API’s own policy',
      'AWS::ApiGateway::RestApi',
      { Policy: { Statement: [{ ...allow('a'), Condition: { x: 1 } }] } },
      { Policy: { Statement: [allow('a')] } },
    ],
    [
      'a route of an HTTP API',
      'AWS::ApiGatewayV2::Route',
      { RouteKey: 'GET /', AuthorizationType: 'JWT' },
      { RouteKey: 'GET /' },
    ],
    ['a function URL', 'AWS::Lambda::Url', { AuthType: 'AWS_IAM' }, { AuthType: 'NONE' }],
    ['callers of a function', 'AWS::Lambda::Permission', PERMISSION, { ...PERMISSION, Principal: '*' }],
    [
      'any source of a caller',
      'AWS::Lambda::Permission',
      PERMISSION,
      { Action: 'lambda:InvokeFunction', Principal: 's3' },
    ],
    ['another role of a function', 'AWS::Lambda::Function', { Role: 'a' }, { Role: 'admin' }],
    [
      'another role of a schedule',
      'AWS::Scheduler::Schedule',
      { Target: { RoleArn: 'a' } },
      { Target: { RoleArn: 'admin' } },
    ],
    [
      'another role of a rule',
      'AWS::Events::Rule',
      { Targets: [{ RoleArn: 'a' }] },
      { Targets: [{ RoleArn: 'admin' }] },
    ],
    ['code of another layer', 'AWS::Lambda::Function', {}, { Layers: ['arn:layer'] }],
    ['no code signing', 'AWS::Lambda::Function', { CodeSigningConfigArn: 'arn:c' }, {}],
    ['a bucket without public access block', 'AWS::S3::Bucket', { PublicAccessBlockConfiguration: BLOCKED }, {}],
    [
      'one part of the public access block',
      'AWS::S3::Bucket',
      { PublicAccessBlockConfiguration: BLOCKED },
      { PublicAccessBlockConfiguration: { ...BLOCKED, BlockPublicPolicy: false } },
    ],
    ['a public ACL', 'AWS::S3::Bucket', {}, { AccessControl: 'PublicRead' }],
    ['owners of objects', 'AWS::S3::Bucket', { OwnershipControls: { Rules: [1] } }, {}],
    ['a bucket without encryption', 'AWS::S3::Bucket', { BucketEncryption: { x: 1 } }, {}],
    ['a bucket without access log', 'AWS::S3::Bucket', { LoggingConfiguration: {} }, {}],
    ['a web site', 'AWS::S3::Bucket', {}, { WebsiteConfiguration: { IndexDocument: 'i' } }],
    ['a copy elsewhere', 'AWS::S3::Bucket', {}, { ReplicationConfiguration: { Rules: [] } }],
    [
      'browsers of other origins',
      'AWS::S3::Bucket',
      {},
      { CorsConfiguration: { CorsRules: [{ AllowedOrigins: ['*'] }] } },
    ],
    ['a queue without encryption', 'AWS::SQS::Queue', { SqsManagedSseEnabled: true }, { SqsManagedSseEnabled: false }],
    ['a queue’s key', 'AWS::SQS::Queue', { KmsMasterKeyId: 'k' }, {}],
    ['a queue policy for another queue', 'AWS::SQS::QueuePolicy', { Queues: ['a'] }, { Queues: ['a', 'b'] }],
    ['a topic’s key', 'AWS::SNS::Topic', { KmsMasterKeyId: 'k' }, {}],
    ['a subscription of a topic', 'AWS::SNS::Topic', {}, { Subscription: [{ Protocol: 'https' }] }],
    ['another subscription', 'AWS::SNS::Subscription', { Endpoint: 'a' }, { Endpoint: 'b' }],
    ['a table’s key', 'AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true } }, {}],
    ['a stream of a table', 'AWS::DynamoDB::Table', {}, { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }],
    ['a table’s copy elsewhere', 'AWS::DynamoDB::GlobalTable', {}, { Replicas: [{ Region: 'x' }] }],
    [
      'a key’s policy',
      'AWS::KMS::Key',
      { KeyPolicy: { Statement: [allow('kms:Decrypt')] } },
      { KeyPolicy: { Statement: [allow('kms:*')] } },
    ],
    ['no rotation of a key', 'AWS::KMS::Key', { EnableKeyRotation: true }, {}],
    ['a secret’s key', 'AWS::SecretsManager::Secret', { KmsKeyId: 'k' }, {}],
    ['a secret elsewhere', 'AWS::SecretsManager::Secret', {}, { ReplicaRegions: [{ Region: 'x' }] }],
    ['a secret that may be public', 'AWS::SecretsManager::ResourcePolicy', { BlockPublicPolicy: true }, {}],
    ['a log group’s key', 'AWS::Logs::LogGroup', { KmsKeyId: 'k' }, {}],
    [
      'contents in logs of a state machine',
      'AWS::StepFunctions::StateMachine',
      { LoggingConfiguration: { IncludeExecutionData: false } },
      { LoggingConfiguration: { IncludeExecutionData: true } },
    ],
    ['where failed events go', 'AWS::Lambda::EventInvokeConfig', {}, { DestinationConfig: { OnFailure: 'arn' } }],
    ['a web ACL’s target', 'AWS::WAFv2::WebACLAssociation', { WebACLArn: 'a' }, { WebACLArn: 'b' }],
    ['a type that it does not know', 'AWS::EC2::SecurityGroup', { Ingress: [] }, { Ingress: ['0.0.0.0/0'] }],
  ])('%s', (_, type, before, after) => {
    expect(counts(only(type, before), only(type, after))[0]).toBeGreaterThan(0);
    expect(counts(only(type, after), only(type, after))).toEqual([0, 0]);
  });

  it.each<[string, Template, Template]>([
    ['a method without key', none, only('AWS::ApiGateway::Method', { HttpMethod: 'GET' })],
    ['an API key', none, only('AWS::ApiGateway::ApiKey', { Name: 'k' })],
    ['an access key', none, only('AWS::IAM::AccessKey', { UserName: 'u' })],
    ['a web ACL that no longer protects', only('AWS::WAFv2::WebACLAssociation', { WebACLArn: 'a' }), none],
    ['a condition of the template', { ...none, Conditions: { A: 1 } }, { ...none, Conditions: { A: 2 } }],
    ['a macro', none, { ...none, Transform: 'AWS::Serverless' }],
    [
      'a policy that now depends on a condition',
      policy({ ...allow('a'), Effect: 'Deny' }),
      {
        Resources: {
          Thing: {
            ...policy({ ...allow('a'), Effect: 'Deny' }).Resources['Thing'],
            Type: 'AWS::IAM::Policy',
            Properties: {},
            Condition: 'C',
          },
        },
      },
    ],
  ])('%s', (_, before, after) => {
    expect(counts(before, after)[0]).toBeGreaterThan(0);
  });

  it.each<[string, string, Properties, Properties]>([
    ['fewer requests', 'AWS::ApiGateway::UsagePlan', { Throttle: { RateLimit: 6 } }, { Throttle: { RateLimit: 5 } }],
    ['a new boundary', 'AWS::IAM::Role', {}, BOUNDARY],
    ['a key for a method', 'AWS::ApiGateway::Method', { ...METHOD, ApiKeyRequired: false }, METHOD],
    ['another description', 'AWS::SQS::Queue', { QueueName: 'a' }, { QueueName: 'b' }],
    ['another alarm', 'AWS::CloudWatch::Alarm', { Threshold: 1 }, { Threshold: 2 }],
  ])('not: %s', (_, type, before, after) => {
    expect(counts(only(type, before), only(type, after))[0]).toBe(0);
  });

  it('not: a protected resource that is gone', () => {
    expect(counts(only('AWS::IAM::Role', BOUNDARY), none)[0]).toBe(0);
    expect(counts(only('AWS::ApiGateway::Method', METHOD), none)[0]).toBe(0);
  });
});

import { z } from 'zod';
import { functionArn } from '../iam/permissions/services.ts';
import type { Provisioned } from '../assembly/stack.ts';
import { ignored, resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

/** `iam/policy.ts` parses policy documents and reports their errors. */
const document = z.unknown();
const inline = z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: document })).default([]);
const names = z.array(z.string()).default([]);

export const role = resourceType(
  'AWS::IAM::Role',
  z.strictObject({
    RoleName: z.string().optional(),
    Path: z.string().default('/'),
    AssumeRolePolicyDocument: document,
    Policies: inline,
    ManagedPolicyArns: names,
    Description: ignored,
    /** Usually outside the assembly. It can only restrict what the policies allow. */
    PermissionsBoundary: ignored,
    /** Sessions never expire here. */
    MaxSessionDuration: ignored,
    Tags: ignored,
  }),
  (given, context) => {
    const { iam } = context.host;
    const name = given.RoleName ?? context.physicalName(64);
    const arn = iamArn(context, `role${given.Path}${name}`);
    iam.addRole(arn, name, given.AssumeRolePolicyDocument, context.where);
    for (const { PolicyName, PolicyDocument } of given.Policies) {
      iam.attach([arn], PolicyDocument, `${context.where} ${PolicyName}`);
    }
    for (const policy of given.ManagedPolicyArns) iam.attachManaged([arn], policy, context.where);
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name}` } };
  },
);

export const policy = resourceType(
  'AWS::IAM::Policy',
  z.strictObject({ PolicyName: z.string(), PolicyDocument: document, Roles: names }),
  ({ PolicyName, PolicyDocument, Roles }, context) => {
    context.host.iam.attach(Roles, PolicyDocument, context.where);
    return plain(PolicyName);
  },
);

export const managedPolicy = resourceType(
  'AWS::IAM::ManagedPolicy',
  z.strictObject({
    ManagedPolicyName: z.string().optional(),
    Path: z.string().default('/'),
    PolicyDocument: document,
    Roles: names,
    Description: ignored,
  }),
  (given, context) => {
    const arn = iamArn(context, `policy${given.Path}${given.ManagedPolicyName ?? context.physicalName(128)}`);
    context.host.iam.addManaged(arn, given.PolicyDocument, context.where);
    context.host.iam.attachManaged(given.Roles, arn, context.where);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
);

export const queuePolicy = resourceType(
  'AWS::SQS::QueuePolicy',
  z.strictObject({ Queues: z.array(z.string()), PolicyDocument: document }),
  ({ Queues, PolicyDocument }, context) => {
    const arns = Queues.map((url) => context.arn('sqs', url.slice(url.lastIndexOf('/') + 1)));
    return onResources(arns, PolicyDocument, context);
  },
);

export const topicPolicy = resourceType(
  'AWS::SNS::TopicPolicy',
  z.strictObject({ Topics: z.array(z.string()), PolicyDocument: document }),
  ({ Topics, PolicyDocument }, context) => onResources(Topics, PolicyDocument, context),
);

export const bucketPolicy = resourceType(
  'AWS::S3::BucketPolicy',
  z.strictObject({ Bucket: z.string(), PolicyDocument: document }),
  ({ Bucket, PolicyDocument }, context) => onResources([`arn:aws:s3:::${Bucket}`], PolicyDocument, context),
);

export const secretPolicy = resourceType(
  'AWS::SecretsManager::ResourcePolicy',
  z.strictObject({ SecretId: z.string(), ResourcePolicy: document, BlockPublicPolicy: ignored }),
  ({ SecretId, ResourcePolicy }, context) => onResources([SecretId], ResourcePolicy, context),
);

/** A statement of the policy of a function, in CloudFormation's own form. */
export const permission = resourceType(
  'AWS::Lambda::Permission',
  z.strictObject({
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
  ({ Action, FunctionName, Principal, SourceArn, SourceAccount }, context) => {
    const arn = functionArn({ FunctionName }, { arn: (service, resource) => context.arn(service, resource) });
    const isService = Principal.includes('.amazonaws.com');
    const Statement = {
      Effect: 'Allow',
      Principal: isService ? { Service: Principal } : { AWS: Principal },
      Action,
      Resource: arn,
      Condition: {
        ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
        ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
      },
    };
    return onResources([arn], { Statement }, context);
  },
);

function onResources(arns: readonly string[], policyDocument: unknown, context: ResourceContext): Provisioned {
  for (const arn of arns) context.host.iam.addResourcePolicy(arn, policyDocument, context.where);
  return plain(context.physicalName(100));
}

function iamArn({ host }: ResourceContext, resource: string): string {
  return `arn:aws:iam::${host.account}:${resource}`;
}

function plain(ref: string): Provisioned {
  return { ref, attributes: { Id: ref } };
}

import { z } from 'zod';
import { cfnNumber, ignored, resourceType } from './resource.ts';

const warmth = z.strictObject({ ProvisionedConcurrentExecutions: cfnNumber }).optional();

/** A version is another name for the current code. It is always version 1. */
export const version = resourceType(
  'AWS::Lambda::Version',
  z.strictObject({
    FunctionName: z.string(),
    Description: ignored,
    /** The code is always that of the assembly. */
    CodeSha256: ignored,
    ProvisionedConcurrencyConfig: warmth,
    RuntimePolicy: ignored,
  }),
  ({ FunctionName, ProvisionedConcurrencyConfig }, { host }) => {
    const target = host.functions.find(FunctionName).function;
    host.functions.addQualifier(target.config.functionName, '1');
    target.pool.keepWarm(ProvisionedConcurrencyConfig?.ProvisionedConcurrentExecutions ?? 0);
    const arn = `${target.config.arn}:1`;
    return { ref: arn, attributes: { Version: '1', FunctionArn: arn } };
  },
);

/** Provisioned concurrency of an alias keeps that many environments of the function started. */
export const alias = resourceType(
  'AWS::Lambda::Alias',
  z.strictObject({
    FunctionName: z.string(),
    FunctionVersion: z.string(),
    Name: z.string(),
    Description: ignored,
    ProvisionedConcurrencyConfig: warmth,
  }),
  ({ FunctionName, Name, ProvisionedConcurrencyConfig }, { host }) => {
    const target = host.functions.find(FunctionName).function;
    host.functions.addQualifier(target.config.functionName, Name);
    target.pool.keepWarm(ProvisionedConcurrencyConfig?.ProvisionedConcurrentExecutions ?? 0);
    const arn = `${target.config.arn}:${Name}`;
    return { ref: arn, attributes: { AliasArn: arn } };
  },
);

const destination = z.strictObject({ Destination: z.string() }).optional();

export const eventInvokeConfig = resourceType(
  'AWS::Lambda::EventInvokeConfig',
  z.strictObject({
    FunctionName: z.string(),
    Qualifier: z.string(),
    MaximumRetryAttempts: cfnNumber.optional(),
    MaximumEventAgeInSeconds: cfnNumber.optional(),
    DestinationConfig: z.strictObject({ OnFailure: destination, OnSuccess: destination }).optional(),
  }),
  (given, { host, where }) => {
    const { config } = host.functions.find(given.FunctionName).function;
    const { OnFailure, OnSuccess } = given.DestinationConfig ?? {};
    host.asyncInvocations.configure(config.functionName, {
      caller: host.principals.issue(config.arn, config.roleArn),
      maximumRetries: given.MaximumRetryAttempts ?? 2,
      maximumAgeSeconds: given.MaximumEventAgeInSeconds ?? 21_600,
      onFailureArn: OnFailure?.Destination,
      onSuccessArn: OnSuccess?.Destination,
    });
    return { ref: where, attributes: {} };
  },
);

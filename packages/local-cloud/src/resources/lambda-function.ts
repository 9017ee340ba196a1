import { z } from 'zod';
import type { TemporaryCredentials } from '../gateway/principals.ts';
import { codeFolder, codeSchema } from './lambda-code.ts';
import { cfnNumber, ignored, resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

const properties = z.strictObject({
  FunctionName: z.string().optional(),
  Description: z.string().default(''),
  Handler: z.string(),
  Runtime: z.string().regex(/^nodejs\d+\.x$/, 'only Node.js runtimes are supported'),
  Code: codeSchema,
  Role: z.string(),
  Timeout: cfnNumber.default(3),
  MemorySize: cfnNumber.default(128),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  ReservedConcurrentExecutions: cfnNumber.optional(),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
  LoggingConfig: z
    .strictObject({
      LogGroup: z.string().optional(),
      LogFormat: z.enum(['Text', 'JSON']).optional(),
      ApplicationLogLevel: z.string().optional(),
      SystemLogLevel: ignored,
    })
    .optional(),
  TracingConfig: z.strictObject({ Mode: z.string().optional() }).optional(),
  PackageType: z.literal('Zip').optional(),
  /** Functions use the processor and disk of this machine. */
  Architectures: ignored,
  EphemeralStorage: ignored,
  /** Functions stay on the network of this machine. */
  VpcConfig: ignored,
  /** Loops are not detected here. */
  RecursiveLoop: ignored,
  /** Environment variables are not encrypted, and every function runs on the Node.js of this process. */
  KmsKeyArn: ignored,
  RuntimeManagementConfig: ignored,
  Tags: ignored,
});

type Properties = z.output<typeof properties>;

export const lambdaFunction = resourceType('AWS::Lambda::Function', properties, (given, context) => {
  const { host } = context;
  const name = given.FunctionName ?? context.physicalName(64);
  const arn = context.arn('lambda', `function:${name}`);
  const caller = context.identity(arn, given.Role, 'lambda.amazonaws.com');
  const logGroup = given.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
  const taskRoot = codeFolder(given.Code, given.Handler, context);
  const configuredVariables = { ...given.Environment?.Variables, ...host.environment };
  host.functions.add({
    functionName: name,
    arn,
    roleArn: given.Role,
    runtime: given.Runtime,
    description: given.Description,
    taskRoot,
    handler: given.Handler,
    timeoutSeconds: given.Timeout,
    memoryMb: given.MemorySize,
    reservedConcurrency: given.ReservedConcurrentExecutions,
    logGroup,
    logFormat: given.LoggingConfig?.LogFormat ?? 'Text',
    variables: {
      ...runtimeVariables(given, name, context),
      ...credentialVariables(host.principals.credentialsOf(caller.accessKeyId)),
      AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
      LAMBDA_TASK_ROOT: taskRoot,
      ...configuredVariables,
    },
    configuredVariables,
  });
  host.asyncInvocations.configure(name, { caller, deadLetterArn: given.DeadLetterConfig?.TargetArn });
  return { ref: name, attributes: { Arn: arn } };
});

const credentialVariables = (credentials: TemporaryCredentials): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
});

/** The environment variables that Lambda sets. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function runtimeVariables(given: Properties, name: string, { host }: ResourceContext): Record<string, string> {
  return {
    _HANDLER: given.Handler,
    AWS_DEFAULT_REGION: host.region,
    AWS_REGION: host.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${given.Runtime}`,
    AWS_ENDPOINT_URL: host.endpoint,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(given.MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: given.LoggingConfig?.LogFormat ?? 'Text',
    ...(given.LoggingConfig?.ApplicationLogLevel !== undefined && {
      AWS_LAMBDA_LOG_LEVEL: given.LoggingConfig.ApplicationLogLevel,
    }),
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: host.traceDaemon,
    LANG: 'en_US.UTF-8',
    NODE_ENV: 'production',
    PATH: process.env['PATH'] ?? '',
    TZ: ':UTC',
  };
}

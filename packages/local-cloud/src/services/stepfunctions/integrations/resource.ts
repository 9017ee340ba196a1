/** The parts of a Task's Resource. */
export type Resource =
  | { readonly kind: 'optimized'; readonly service: Optimized; readonly action: string; readonly pattern: Pattern }
  | { readonly kind: 'sdk'; readonly service: string; readonly action: string; readonly pattern: Pattern }
  | { readonly kind: 'function'; readonly functionArn: string };

/** When the task ends: with the response, when its token is completed, or when the started execution ends. */
export type Pattern = 'request' | 'waitForTaskToken' | 'sync' | 'sync:2';

export type Optimized = 'lambda' | 'sqs' | 'sns' | 'dynamodb' | 'states';

const ACTIONS: Readonly<Record<Optimized, readonly string[]>> = {
  lambda: ['invoke'],
  sqs: ['sendMessage'],
  sns: ['publish'],
  dynamodb: ['getItem', 'putItem', 'updateItem', 'deleteItem'],
  states: ['startExecution'],
};

/** The services that `aws-sdk` supports here, by their name in the resource, with the local service of each. */
export const SDK_SERVICES: Readonly<Record<string, { readonly local: string; readonly errors: string }>> = {
  dynamodb: { local: 'dynamodb', errors: 'DynamoDb' },
  lambda: { local: 'lambda', errors: 'Lambda' },
  s3: { local: 's3', errors: 'S3' },
  scheduler: { local: 'scheduler', errors: 'Scheduler' },
  secretsmanager: { local: 'secretsmanager', errors: 'SecretsManager' },
  sesv2: { local: 'ses', errors: 'SesV2' },
  sfn: { local: 'states', errors: 'Sfn' },
  sns: { local: 'sns', errors: 'Sns' },
  sqs: { local: 'sqs', errors: 'Sqs' },
};

const FUNCTION_ARN = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w:$-]+$/;
const INTEGRATION = /^arn:aws[\w-]*:states:::(aws-sdk:)?([a-z0-9]+):(\w+)(?:\.(waitForTaskToken|sync|sync:2))?$/;

/** Parses a Resource. Returns undefined if it is not supported here. */
export function parseResource(resource: string): Resource | undefined {
  if (FUNCTION_ARN.test(resource)) return { kind: 'function', functionArn: resource };
  const [, sdk, service = '', action = '', suffix] = INTEGRATION.exec(resource) ?? [];
  const pattern = (suffix ?? 'request') as Pattern;
  if (sdk !== undefined) {
    const known = Object.hasOwn(SDK_SERVICES, service) && !pattern.startsWith('sync');
    return known ? { kind: 'sdk', service, action, pattern } : undefined;
  }
  if (!isOptimized(service) || !ACTIONS[service].includes(action)) return undefined;
  if (pattern.startsWith('sync') && service !== 'states') return undefined;
  return pattern === 'waitForTaskToken' && service === 'dynamodb'
    ? undefined
    : { kind: 'optimized', service, action, pattern };
}

function isOptimized(service: string): service is Optimized {
  return Object.hasOwn(ACTIONS, service);
}

/** Returns the problem of a Task's Resource, or undefined if it is supported. */
export function checkResource(resource: string): string | undefined {
  if (parseResource(resource) !== undefined) return undefined;
  const optimized = Object.entries(ACTIONS).flatMap(([service, names]) => names.map((name) => `${service}:${name}`));
  return (
    `the local Step Functions does not support the resource '${resource}'. It supports function ARNs, ` +
    `arn:aws:states:::{${optimized.join(', ')}} and arn:aws:states:::aws-sdk:{${Object.keys(SDK_SERVICES).join(', ')}}:*`
  );
}

import type { IncomingHttpHeaders } from 'node:http';

/** Where a request goes, and by whose key it was signed. */
export interface Route {
  /** The service's name in the local cloud, or undefined when nothing in the request tells it. */
  readonly service: string | undefined;
  readonly accessKeyId: string | undefined;
}

/** Services whose name in the credential scope differs from ours, and the prefixes of `x-amz-target`. */
const SCOPES: Readonly<Record<string, string>> = { email: 'ses' };
const TARGETS: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  AWSEvents: 'events',
  AWSStepFunctions: 'states',
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'monitoring',
  Logs_20140328: 'logs',
  secretsmanager: 'secretsmanager',
};

/**
 * Finds the service of a request: APIs by their path, all else by the credential scope of its signature (header or presigned query), else by the
 * `x-amz-target` prefix, else by path. What is left is S3, whose objects can be read without a signature.
 */
export function route(url: string, headers: IncomingHttpHeaders): Route {
  // Who calls an API signs as the API asks, if at all.
  if (url.startsWith('/_aws/execute-api/')) return { service: 'execute-api', accessKeyId: undefined };
  const credential = /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? presigned(url);
  const [accessKeyId, , , scope] = credential?.split('/') ?? [];
  if (scope !== undefined) return { service: SCOPES[scope] ?? scope, accessKeyId };
  const target = String(headers['x-amz-target'] ?? '').split('.')[0] ?? '';
  return { service: target === '' ? byPath(url) : TARGETS[target], accessKeyId };
}

function presigned(url: string): string | undefined {
  const question = url.indexOf('?');
  if (question < 0) return undefined;
  return new URLSearchParams(url.slice(question)).get('X-Amz-Credential') ?? undefined;
}

function byPath(url: string): string {
  if (/^\/20(15-03-31|1[4-9]-\d\d-\d\d)\//.test(url)) return 'lambda';
  return 's3';
}

import type { IncomingHttpHeaders } from 'node:http';

/** The service of a request, and the key that signed it. */
export interface Route {
  /** The name of the service in the local cloud; undefined when the request does not name one. */
  readonly service: string | undefined;
  readonly accessKeyId: string | undefined;
}

/** Services whose name in the credential scope differs from ours. */
const SCOPES: Readonly<Record<string, string>> = { email: 'ses' };
/** Services by the prefix of `x-amz-target`. */
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
 * Finds the service of a request. An API is found by its path. Any other service is found by the credential scope of the
 * signature (in the header or the presigned query), else by the prefix of `x-amz-target`, else by path. Everything else is
 * S3, whose objects can be read without a signature.
 */
export function route(url: string, headers: IncomingHttpHeaders): Route {
  // An API decides for itself how its callers sign.
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

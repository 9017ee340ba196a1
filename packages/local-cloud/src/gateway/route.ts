import type { IncomingHttpHeaders } from 'node:http';
import type { Signed } from './sigv4/signature.ts';

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
  Kinesis_20131202: 'kinesis',
  Logs_20140328: 'logs',
  secretsmanager: 'secretsmanager',
};

/**
 * Finds the service of a request. An API is found by its path. Any other service is found by the credential scope of the
 * signature, else by the prefix of `x-amz-target`, else by path. Everything else is S3.
 */
export function route(url: string, headers: IncomingHttpHeaders, signed: Signed): Route {
  // An API decides for itself how its callers sign.
  if (url.startsWith('/_aws/execute-api/')) return { service: 'execute-api', accessKeyId: undefined };
  if (signed.kind === 'signed') {
    const { service, accessKeyId } = signed.signature;
    return { service: SCOPES[service] ?? service, accessKeyId };
  }
  const target = String(headers['x-amz-target'] ?? '').split('.')[0] ?? '';
  return { service: target === '' ? byPath(url) : TARGETS[target], accessKeyId: undefined };
}

function byPath(url: string): string {
  if (/^\/20(15-03-31|1[4-9]-\d\d-\d\d)\//.test(url)) return 'lambda';
  // OpenTelemetry's exporters do not sign.
  if (/^\/v1\/traces(\?|$)/.test(url)) return 'xray';
  return 's3';
}

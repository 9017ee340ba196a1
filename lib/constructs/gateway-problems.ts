import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** One thing that is wrong, as the functions' own problems name it. */
interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

/** A refusal of API Gateway's own: the request reached none of our functions. */
interface Refusal {
  readonly type: ResponseType;
  readonly status: '401' | '404' | '413' | '429' | '500';
  readonly kind: 'invalid-key' | 'not-found' | 'too-large' | 'too-many' | 'failed';
  readonly detail: string;
  /** The field it is about. @default none */
  readonly error?: FieldError;
}

const aboutKey = (message: string, remedy: string): FieldError => ({ field: 'Authorization', message, remedy });

const REFUSALS: readonly Refusal[] = [
  {
    type: ResponseType.ACCESS_DENIED,
    status: '401',
    kind: 'invalid-key',
    detail: 'The key is not known, was revoked or has expired.',
    error: aboutKey('is no valid key', 'Check the key, or have a new one made: fleet keys create.'),
  },
  {
    type: ResponseType.UNAUTHORIZED,
    status: '401',
    kind: 'invalid-key',
    detail: 'Send your key as Authorization: Bearer flk_…',
    error: aboutKey('holds no key', 'Send your key as Authorization: Bearer flk_…'),
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: '401',
    kind: 'invalid-key',
    detail: 'The key has no usage plan: make a new one.',
    error: aboutKey('has no usage plan', 'Have a new key made: fleet keys create.'),
  },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '404',
    kind: 'not-found',
    detail: 'There is no such route; /openapi.json lists them.',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: '413',
    kind: 'too-large',
    detail: 'The request is larger than 10 MB: upload the input by POST /uploads.',
    error: { field: 'body', message: 'is too large', remedy: 'Upload the input by POST /uploads, and send its key.' },
  },
  {
    type: ResponseType.THROTTLED,
    status: '429',
    kind: 'too-many',
    detail: 'The key is used faster than its rate: wait a second.',
  },
  { type: ResponseType.QUOTA_EXCEEDED, status: '429', kind: 'too-many', detail: 'The key has used up its quota.' },
  {
    type: ResponseType.DEFAULT_5XX,
    status: '500',
    kind: 'failed',
    detail: 'The fleet could not answer. Try again under the same Idempotency-Key.',
  },
];

/** What API Gateway itself refuses is worded as the functions word it. */
export function answerInProblems(rest: RestApi): void {
  for (const { type, status, kind, detail, error } of REFUSALS) {
    const problem = {
      type: `urn:agent-fleet:problem:${kind}`,
      title: detail,
      status: Number(status),
      detail,
      instance: 'urn:request:$context.requestId',
      ...(error && { errors: [error] }),
    };
    rest.addGatewayResponse(type.responseType, {
      type,
      statusCode: status,
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        ...(status === '429' && { 'Retry-After': "'1'" }),
      },
      templates: { 'application/json': JSON.stringify(problem) },
    });
  }
}

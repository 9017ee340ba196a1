import { MockIntegration, PassthroughBehavior, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { MethodOptions } from 'aws-cdk-lib/aws-apigateway';

/** One error in a request, in the format of the functions' own problems. */
interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

/** A rejection by API Gateway itself: the request reached none of our functions. */
interface GatewayProblem {
  readonly type: ResponseType;
  readonly status: '401' | '404' | '413' | '429' | '500';
  readonly kind: 'invalid-key' | 'not-found' | 'too-large' | 'too-many' | 'failed';
  readonly detail: string;
  /** The field that caused it. @default none */
  readonly error?: FieldError;
}

/** Only whoever runs the fleet can do this: the caller may be another program. */
const NEW_KEY =
  'ask for a new one: the operator of the fleet creates it with npm run fleet -- keys create --name NAME.';

const aboutKey = (message: string, remedy: string): FieldError => ({ field: 'Authorization', message, remedy });

/** Systems serve operations of their own at the same address, which /openapi.json does not have. */
const NOT_FOUND = 'This method and path do not exist. See /openapi.json for all operations of the task API.';

const PROBLEMS: readonly GatewayProblem[] = [
  {
    type: ResponseType.ACCESS_DENIED,
    status: '401',
    kind: 'invalid-key',
    detail: 'The key is unknown, revoked or expired.',
    error: aboutKey('is not a valid key', `Check that it is complete. If it was revoked or has expired, ${NEW_KEY}`),
  },
  {
    type: ResponseType.UNAUTHORIZED,
    status: '401',
    kind: 'invalid-key',
    detail: 'The request has no key. Send it as `Authorization: Bearer flk_…`.',
    error: aboutKey('has no key', 'Send your key as `Authorization: Bearer flk_…`.'),
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: '401',
    kind: 'invalid-key',
    // A key that was just revoked: the authorizer still knows it, and API Gateway does not.
    detail: 'The key is unknown or revoked, or has no usage plan.',
    error: aboutKey(
      'is not a valid key, or has no usage plan',
      `Try again in a minute if the key is new. Check that it is complete. If it was revoked, ${NEW_KEY}`,
    ),
  },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '404',
    kind: 'not-found',
    detail: NOT_FOUND,
  },
  // Only the mock of unknown paths rejects a body by its type.
  { type: ResponseType.UNSUPPORTED_MEDIA_TYPE, status: '404', kind: 'not-found', detail: NOT_FOUND },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: '413',
    kind: 'too-large',
    detail: 'The request is larger than the API accepts.',
    error: {
      field: 'body',
      message: 'is too large',
      remedy: 'Send less. For the input of a task: upload it with POST /uploads, and send its `inputKey`.',
    },
  },
  {
    type: ResponseType.THROTTLED,
    status: '429',
    kind: 'too-many',
    detail: 'Too many requests, by this key or without a key. Try again after `Retry-After`.',
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: '429',
    kind: 'too-many',
    // The fleet's own usage plans have no quota.
    detail: 'The key has used up the quota of its usage plan. Wait for the next period, or raise it in API Gateway.',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: '500',
    kind: 'failed',
    detail: 'An internal error occurred. Try again, with the same Idempotency-Key if the operation accepts one.',
  },
];

/** Titles by kind, the same as in core/api/http/problem.ts. */
const TITLES: Readonly<Record<GatewayProblem['kind'], string>> = {
  'invalid-key': 'Invalid key',
  'not-found': 'Not found',
  'too-large': 'Request too large',
  'too-many': 'Too many requests',
  failed: 'Internal error',
};

const MEDIA_TYPE = 'application/problem+json';

const problemOf = ({ status, kind, detail, error }: Omit<GatewayProblem, 'type'>) => ({
  type: `urn:agent-fleet:problem:${kind}`,
  title: TITLES[kind],
  status: Number(status),
  detail,
  ...(error && { errors: [error] }),
});

/** The problem as a template of API Gateway. */
const templateOf = (problem: GatewayProblem): string =>
  JSON.stringify({ ...problemOf(problem), instance: 'urn:request:$context.requestId' });

/** Makes API Gateway return its own rejections as problems, like those of the functions. */
export function answerInProblems(rest: RestApi): void {
  for (const problem of PROBLEMS) {
    const { type, status } = problem;
    rest.addGatewayResponse(type.responseType, {
      type,
      statusCode: status,
      responseHeaders: {
        'Content-Type': `'${MEDIA_TYPE}'`,
        ...(status === '429' && { 'Retry-After': "'1'" }),
      },
      templates: { 'application/json': templateOf(problem) },
    });
  }
}

/** A method that always returns the 404 of an unknown path, without a function. */
export function answerNotFound(): { integration: MockIntegration } & Required<Pick<MethodOptions, 'methodResponses'>> {
  const header = 'method.response.header.Content-Type';
  // The request's id is in the header x-amzn-requestid.
  const problem = JSON.stringify(problemOf({ status: '404', kind: 'not-found', detail: NOT_FOUND }));
  return {
    integration: new MockIntegration({
      requestTemplates: { 'application/json': '{"statusCode": 404}' },
      // A body of any other type is UNSUPPORTED_MEDIA_TYPE. Passed on, it would not be the mock's input: 500.
      passthroughBehavior: PassthroughBehavior.NEVER,
      integrationResponses: [
        {
          statusCode: '404',
          responseParameters: { [header]: `'${MEDIA_TYPE}'` },
          responseTemplates: { 'application/json': problem },
        },
      ],
    }),
    methodResponses: [{ statusCode: '404', responseParameters: { [header]: true } }],
  };
}

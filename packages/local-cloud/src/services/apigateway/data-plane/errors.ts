/** A response of API Gateway itself, without the integration: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
interface Kind {
  readonly type: string;
  readonly status: number;
  /** The error's name in `x-amzn-errortype`. */
  readonly errorType: string;
  readonly message: string | null;
}

const kind = (type: string, status: number, errorType: string, message: string | null): Kind => ({
  type,
  status,
  errorType,
  message,
});

export const ERRORS = {
  noRoute: kind(
    'MISSING_AUTHENTICATION_TOKEN',
    403,
    'MissingAuthenticationTokenException',
    'Missing Authentication Token',
  ),
  noStage: kind('MISSING_AUTHENTICATION_TOKEN', 403, 'ForbiddenException', 'Forbidden'),
  badRequest: kind('BAD_REQUEST_PARAMETERS', 400, 'BadRequestException', 'Bad Request'),
  unauthorized: kind('UNAUTHORIZED', 401, 'UnauthorizedException', 'Unauthorized'),
  denied: kind('ACCESS_DENIED', 403, 'AccessDeniedException', 'User is not authorized to access this resource'),
  deniedExplicitly: kind(
    'ACCESS_DENIED',
    403,
    'AccessDeniedException',
    'User is not authorized to access this resource with an explicit deny',
  ),
  authorizerFailed: kind('AUTHORIZER_FAILURE', 500, 'AuthorizerConfigurationException', null),
  authorizerMisconfigured: kind('AUTHORIZER_CONFIGURATION_ERROR', 500, 'AuthorizerConfigurationException', null),
  invalidKey: kind('INVALID_API_KEY', 403, 'ForbiddenException', 'Forbidden'),
  throttled: kind('THROTTLED', 429, 'TooManyRequestsException', 'Too Many Requests'),
  quotaExceeded: kind('QUOTA_EXCEEDED', 429, 'LimitExceededException', 'Limit Exceeded'),
  tooLarge: kind('REQUEST_TOO_LARGE', 413, 'RequestTooLargeException', 'Request Too Long'),
  misconfigured: kind('API_CONFIGURATION_ERROR', 500, 'InternalServerErrorException', 'Internal server error'),
  malformedResponse: kind('API_CONFIGURATION_ERROR', 502, 'InternalServerErrorException', 'Internal server error'),
  functionFailed: kind('INTEGRATION_FAILURE', 502, 'InternalServerErrorException', 'Internal server error'),
  functionThrottled: kind('INTEGRATION_FAILURE', 500, 'InternalServerErrorException', 'Internal server error'),
  timeout: kind('INTEGRATION_TIMEOUT', 504, 'InternalServerErrorException', 'Endpoint request timed out'),
} as const;

/** Ends a request with a response of API Gateway itself. */
export class ApiError extends Error {
  readonly kind: Kind;
  /** The reason, for the developer only. Undefined if the failure is the client's. */
  readonly reason: string | undefined;

  constructor(
    name: keyof typeof ERRORS,
    { message, reason }: { readonly message?: string; readonly reason?: string } = {},
  ) {
    super(reason ?? name);
    this.kind = message === undefined ? ERRORS[name] : { ...ERRORS[name], message };
    this.reason = reason;
  }
}

/** The Claude API's values of `error.type` with their HTTP status. */
const STATUS = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  not_implemented_error: 501,
  overloaded_error: 529,
} as const;

export type ApiErrorType = keyof typeof STATUS;

/** An error as the Claude API words it. The HTTP server turns it into a status, headers and a body. */
export class ApiError extends Error {
  readonly type: ApiErrorType;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(type: ApiErrorType, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.type = type;
    this.status = STATUS[type];
    this.headers = headers;
  }
}

/** A 400 that names the field, e.g. `messages.0.content: Field required`. */
export const invalidRequest = (field: string, message: string): ApiError =>
  new ApiError('invalid_request_error', `${field}: ${message}`);

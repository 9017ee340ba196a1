/** An entry of `errors`: a text, or the field that is wrong. */
export type ErrorEntry =
  | string
  | { readonly resource: string; readonly code: string; readonly field: string; readonly message?: string };

/** An error as GitHub words it. The server turns it into a status, headers and a body. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly ErrorEntry[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { readonly errors?: readonly ErrorEntry[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }

  body(documentationUrl: string): Record<string, unknown> {
    const errors = this.errors === undefined ? {} : { errors: this.errors };
    return { message: this.message, ...errors, documentation_url: documentationUrl, status: String(this.status) };
  }
}

export const notFound = (): ApiError => new ApiError(404, 'Not Found');

/** The 422 of reviews: a list of sentences that name no entry. */
export const unprocessable = (...errors: readonly string[]): ApiError =>
  new ApiError(422, 'Unprocessable Entity', { errors });

/** The 422 of comments and check runs: it names the resource and the field. */
export const validationFailed = (...errors: readonly Exclude<ErrorEntry, string>[]): ApiError =>
  new ApiError(422, 'Validation Failed', { errors });

export const MAX_BODY_CHARACTERS = 65_536;
const TOO_LONG = `is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`;

/** Rejects a text of a review or comment that is longer than GitHub stores. */
export function checkLength(resource: string, body: string): void {
  if (body.length <= MAX_BODY_CHARACTERS) return;
  if (resource === 'PullRequestReview') throw unprocessable(`Body ${TOO_LONG}`);
  throw validationFailed({ resource, code: 'custom', field: 'body', message: `body ${TOO_LONG}` });
}

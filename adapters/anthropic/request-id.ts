/** The provider's id of a call, which its support needs: Anthropic's, or AWS's. */
export const requestIdOf = (headers: Headers | undefined): string | undefined =>
  headers?.get('request-id') ?? headers?.get('x-amzn-requestid') ?? undefined;

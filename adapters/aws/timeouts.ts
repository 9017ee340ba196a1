/**
 * Settings of an AWS SDK client's HTTP handler. The SDK waits for ever by default; a lost connection would then cost
 * a worker its whole time limit instead of one of the SDK's retries.
 * @param requestTimeout milliseconds for one attempt
 */
export const timeouts = ({ requestTimeout }: { readonly requestTimeout: number }) => ({
  connectionTimeout: 2_000,
  requestTimeout,
  throwOnRequestTimeout: true,
});

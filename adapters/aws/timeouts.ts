/**
 * Timeouts for the HTTP handler of an AWS SDK client. By default the SDK waits forever, so a lost connection would cost
 * a worker its whole time limit instead of one retry.
 * @param requestTimeout milliseconds for one attempt
 */
export const timeouts = ({ requestTimeout }: { readonly requestTimeout: number }) => ({
  connectionTimeout: 2_000,
  requestTimeout,
  throwOnRequestTimeout: true,
});

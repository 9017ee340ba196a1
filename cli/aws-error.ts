import { causes } from './lost-fleet.ts';
import { UserError } from './user-error.ts';

/** What to do about errors of AWS, by their names. */
export type Remedies = Readonly<Record<string, string>>;

/**
 * An error of AWS as one for the user, if it has a remedy; else the error itself.
 * @param isLocal whether the fleet on this machine answered
 */
export function awsError(error: unknown, remedies: Remedies, isLocal = false): unknown {
  if (!(error instanceof Error)) return error;
  const remedy = ALL[error.name] ?? remedies[error.name] ?? OTHERWISE[error.name];
  return remedy === undefined
    ? error
    : new UserError(`${isLocal ? 'The fleet on this machine' : 'AWS'} rejected the request: ${error.message}`, remedy);
}

/** The SDK's error of a call to AWS on a machine that names no region, as one for the user; null for any other error. */
export const noRegion = (error: unknown): UserError | null =>
  error instanceof Error && error.message === 'Region is missing'
    ? new UserError('No AWS region is set.', 'Set AWS_REGION, or AWS_PROFILE to a profile with a region.')
    : null;

/** The error of a call that AWS did not answer, as one for the user; null for any other error. */
export function noAnswer(error: unknown): UserError | null {
  const silent = causes(error).find(
    ({ name, code }: NodeJS.ErrnoException) => name === 'TimeoutError' || NETWORK.has(code ?? ''),
  );
  if (silent === undefined) return null;
  return new UserError(
    `AWS does not answer: ${silent.message || (silent as NodeJS.ErrnoException).code}`,
    'Check the network of this machine and the names of the regions, then run the command again.',
  );
}

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

const SIGN_IN = 'Sign in again, such as with aws sso login, or renew AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN.';
const WHOSE = 'Check AWS_PROFILE or AWS_ACCESS_KEY_ID, and the clock of this machine.';

const ALL: Remedies = {
  CredentialsProviderError: 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ExpiredToken: SIGN_IN,
  ExpiredTokenException: SIGN_IN,
  RequestExpired: SIGN_IN,
  TokenProviderError: SIGN_IN,
  InvalidClientTokenId: WHOSE,
  InvalidSignatureException: WHOSE,
  SignatureDoesNotMatch: WHOSE,
  UnrecognizedClientException: WHOSE,
};

/** Where a command has no better remedy. The message names the action. */
const OTHERWISE: Remedies = {
  AccessDenied: 'Use credentials that may do this.',
  AccessDeniedException: 'Use credentials that may do this.',
};

import { UserError } from './user-error.ts';

/** What to do about errors of AWS, by their names. */
export type Remedies = Readonly<Record<string, string>>;

/**
 * An error of AWS as one for the user, if it has a remedy; else the error itself.
 * @param isLocal whether the fleet on this machine answered
 */
export function awsError(error: unknown, remedies: Remedies, isLocal = false): unknown {
  if (!(error instanceof Error)) return error;
  const remedy = ALL[error.name] ?? remedies[error.name];
  return remedy === undefined
    ? error
    : new UserError(`${isLocal ? 'The fleet on this machine' : 'AWS'} rejected the request: ${error.message}`, remedy);
}

/** The SDK's error of a call to AWS on a machine that names no region, as one for the user; null for any other error. */
export const noRegion = (error: unknown): UserError | null =>
  error instanceof Error && error.message === 'Region is missing'
    ? new UserError('No AWS region is set.', 'Set AWS_REGION, or AWS_PROFILE to a profile with a region.')
    : null;

const ALL: Remedies = {
  CredentialsProviderError: 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
};

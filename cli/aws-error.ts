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

const ALL: Remedies = {
  CredentialsProviderError: 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
};

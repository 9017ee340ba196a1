import { ERRORS, StateError } from '../../../asl/errors.ts';
import { asServiceError } from '../../http.ts';

/** Error codes without an exception of their own in AWS's SDK. They get the service's general name. */
const GENERAL = [/^AccessDenied/, /^Missing/, /^Invalid(Parameter|Action)/, /^Validation/, /^InternalFailure$/];

/**
 * Converts a failed call to a state's error, named as on AWS: `<prefix>.<Code>Exception`, or `general` for a code without
 * an exception of its own. `States.Permissions` also matches a call that the role does not allow.
 */
export function callFailure(error: unknown, prefix: string, general: string): StateError {
  const { code, message, status } = asServiceError(error);
  const isGeneral = GENERAL.some((pattern) => pattern.test(code));
  const name = isGeneral ? general : code.endsWith('Exception') ? code : `${code}Exception`;
  const cause = `${message} (Service: ${prefix}, Status Code: ${status})`;
  return new StateError(`${prefix}.${name}`, cause, code.startsWith('AccessDenied') ? [ERRORS.permissions] : []);
}

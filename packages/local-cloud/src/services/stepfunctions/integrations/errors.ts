import { ERRORS, StateError } from '../../../asl/errors.ts';
import { asServiceError } from '../../http.ts';

/** Error codes that are no exception of their own in AWS's SDK: they come under the service's general name. */
const GENERAL = [/^AccessDenied/, /^Missing/, /^Invalid(Parameter|Action)/, /^Validation/, /^InternalFailure$/];

/**
 * A refused call as a state's failure, named as AWS does: `<prefix>.<Code>Exception`, or `general` for a code that has
 * no exception of its own. A call that the role may not make is matched by `States.Permissions` as well.
 */
export function callFailure(error: unknown, prefix: string, general: string): StateError {
  const { code, message, status } = asServiceError(error);
  const isGeneral = GENERAL.some((pattern) => pattern.test(code));
  const name = isGeneral ? general : code.endsWith('Exception') ? code : `${code}Exception`;
  const cause = `${message} (Service: ${prefix}, Status Code: ${status})`;
  return new StateError(`${prefix}.${name}`, cause, code.startsWith('AccessDenied') ? [ERRORS.permissions] : []);
}

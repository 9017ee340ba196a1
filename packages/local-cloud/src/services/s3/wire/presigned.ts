import { ServiceError } from '../../service.ts';

/** Maximum lifetime of a presigned link, in seconds: seven days. */
const MAX_SECONDS = 604_800;

/**
 * Rejects an expired presigned link (403 `AccessDenied`), of signature version 4 or of version 2, which version 1 of the
 * AWS CLI still uses. The signature is not verified, because only this machine can connect.
 */
export function checkExpiry(query: URLSearchParams, now: number): void {
  if (query.has('AWSAccessKeyId') && now >= Number(query.get('Expires')) * 1000) throw expired();
  if (!query.has('X-Amz-Signature')) return;
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  const seconds = Number(query.get('X-Amz-Expires'));
  if (match === null || !Number.isInteger(seconds) || seconds < 1 || seconds > MAX_SECONDS) {
    throw new ServiceError(
      'AuthorizationQueryParametersError',
      `X-Amz-Date must be a valid time and X-Amz-Expires must be 1 to ${MAX_SECONDS} seconds.`,
    );
  }
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  const signedAt = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  if (now >= signedAt + seconds * 1000) throw expired();
}

const expired = (): ServiceError => new ServiceError('AccessDenied', 'Request has expired', 403);

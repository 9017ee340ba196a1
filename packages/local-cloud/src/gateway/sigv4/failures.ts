import { ServiceError } from '../../services/service.ts';

/** Why a request is not accepted as the caller that it names. */
export type Failure =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'wrong-token' }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'skewed' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid'; readonly presigned: boolean; readonly reason: string }
  | { readonly kind: 'unsigned-headers'; readonly names: string };

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';
const TOKEN = 'The security token included in the request is invalid.';
/** The key of the machine's own user is random and in a file. */
const REMEDY = 'The local cloud accepts the access key that it has written, see `npm start`.';

type Named = readonly [code: string, message: string, status: number];

/** The names of S3. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function ofS3(failure: Failure): Named {
  switch (failure.kind) {
    case 'unsigned':
      return ['AccessDenied', `Access Denied. The request is not signed. ${REMEDY}`, 403];
    case 'unknown-key':
      return ['InvalidAccessKeyId', `The AWS Access Key Id you provided does not exist in our records. ${REMEDY}`, 403];
    case 'wrong-token':
      return ['InvalidToken', 'The provided token is malformed or otherwise invalid.', 400];
    case 'mismatch':
      return ['SignatureDoesNotMatch', MISMATCH, 403];
    case 'skewed':
      return [
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
      ];
    case 'expired':
      return ['AccessDenied', 'Request has expired', 403];
    case 'invalid': {
      const code = failure.presigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed';
      return [code, `The authorization of the request is malformed: ${failure.reason}.`, 400];
    }
    case 'unsigned-headers':
      return ['AccessDenied', `There were headers present in the request which were not signed: ${failure.names}`, 403];
  }
}

/** The common errors of the other services. Those of the JSON protocol have longer names. */
function ofOthers(failure: Failure): Named {
  switch (failure.kind) {
    case 'unsigned':
      return ['MissingAuthenticationToken', `Request is missing Authentication Token. ${REMEDY}`, 403];
    case 'unknown-key':
      return ['InvalidClientTokenId', `${TOKEN} ${REMEDY}`, 403];
    case 'wrong-token':
      return ['InvalidClientTokenId', TOKEN, 403];
    case 'mismatch':
      return ['SignatureDoesNotMatch', MISMATCH, 403];
    case 'skewed':
    case 'expired':
      return [
        'SignatureDoesNotMatch',
        'Signature expired: the time of the request is not within 5 minutes of now.',
        403,
      ];
    case 'invalid':
      return ['IncompleteSignature', `The authorization of the request is malformed: ${failure.reason}.`, 400];
    case 'unsigned-headers':
      return ['SignatureDoesNotMatch', `These headers must be signed: ${failure.names}`, 403];
  }
}

const JSON_NAMES: Readonly<Record<string, string>> = {
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  IncompleteSignature: 'IncompleteSignatureException',
};

/** Services whose errors have the names of the query protocol. */
const QUERY = new Set(['sqs', 'sns', 'sts', 'iam', 'ses']);
/** Services that report everything as 403. The other JSON services report 400. */
const REST = new Set(['lambda', 'apigateway']);

/** The error in the words of the service. */
export function signatureError(service: string, failure: Failure): ServiceError {
  if (service === 's3') return new ServiceError(...ofS3(failure));
  const [code, message, status] = ofOthers(failure);
  if (QUERY.has(service)) return new ServiceError(code, message, status);
  return new ServiceError(JSON_NAMES[code] ?? code, message, REST.has(service) ? 403 : 400);
}

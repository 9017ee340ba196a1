import type { IncomingMessage } from 'node:http';

/** The signature of a request (AWS Signature Version 4), as it was sent. */
export interface Signature {
  readonly accessKeyId: string;
  /** `20261128` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly value: string;
  /** `20261128T101112Z` */
  readonly amzDate: string;
  readonly sessionToken: string | undefined;
  /** Seconds, for a presigned link. */
  readonly expires: number | undefined;
}

/** What a request says about its signer. */
export type Signed =
  | { readonly kind: 'signed'; readonly signature: Signature }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'invalid'; readonly presigned: boolean; readonly reason: string };

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Reads the signature of a request from its `Authorization` header, or from the query of a presigned link. */
export function readSignature({ headers, url = '' }: Pick<IncomingMessage, 'headers' | 'url'>): Signed {
  const { authorization } = headers;
  const question = url.indexOf('?');
  const query = question === -1 ? undefined : new URLSearchParams(url.slice(question + 1));
  const presigned = query?.has('X-Amz-Algorithm') === true || query?.has('X-Amz-Signature') === true;
  if (authorization !== undefined && presigned)
    return invalid(false, 'it has a signature in the header and in the query');
  if (authorization !== undefined) return fromHeader(authorization, headers);
  if (presigned && query !== undefined) return fromQuery(query);
  if (query?.has('AWSAccessKeyId') === true)
    return invalid(true, 'signature version 2 is not supported. Use version 4');
  return { kind: 'unsigned' };
}

function fromHeader(authorization: string, headers: IncomingMessage['headers']): Signed {
  const [algorithm = '', rest = ''] = authorization.split(/ +(.*)/s);
  if (algorithm !== ALGORITHM) return invalid(false, `the algorithm must be ${ALGORITHM}`);
  const parts = new Map(
    rest.split(',').map((part): [string, string] => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
    }),
  );
  return assemble({
    presigned: false,
    credential: parts.get('Credential'),
    signedHeaders: parts.get('SignedHeaders'),
    value: parts.get('Signature'),
    amzDate: text(headers['x-amz-date']),
    sessionToken: text(headers['x-amz-security-token']),
    expires: undefined,
  });
}

/** Maximum lifetime of a presigned link, in seconds: seven days. */
const MAX_EXPIRES = 604_800;

function fromQuery(query: URLSearchParams): Signed {
  const get = (name: string): string | undefined => query.get(name) ?? undefined;
  if (get('X-Amz-Algorithm') !== ALGORITHM) return invalid(true, `X-Amz-Algorithm must be ${ALGORITHM}`);
  const expires = get('X-Amz-Expires') ?? '';
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > MAX_EXPIRES) {
    return invalid(true, `X-Amz-Expires must be 1 to ${MAX_EXPIRES} seconds`);
  }
  return assemble({
    presigned: true,
    credential: get('X-Amz-Credential'),
    signedHeaders: get('X-Amz-SignedHeaders'),
    value: get('X-Amz-Signature'),
    amzDate: get('X-Amz-Date'),
    sessionToken: get('X-Amz-Security-Token'),
    expires: Number(expires),
  });
}

interface Parts {
  readonly presigned: boolean;
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly value: string | undefined;
  readonly amzDate: string | undefined;
  readonly sessionToken: string | undefined;
  readonly expires: number | undefined;
}

const CREDENTIAL = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/;

function assemble({ presigned, credential, signedHeaders, value, amzDate, sessionToken, expires }: Parts): Signed {
  const [, accessKeyId = '', date = '', region = '', service = ''] = CREDENTIAL.exec(credential ?? '') ?? [];
  if (date === '') return invalid(presigned, 'the Credential must be key/date/region/service/aws4_request');
  if (amzDate === undefined || timeOf(amzDate) === undefined || !amzDate.startsWith(date)) {
    return invalid(presigned, 'X-Amz-Date must be a valid time on the day of the Credential');
  }
  if (value === undefined || !/^[0-9a-f]{64}$/.test(value)) {
    return invalid(presigned, 'the Signature must have 64 hexadecimal digits');
  }
  const names = (signedHeaders ?? '').split(';');
  // HTTP/2 names the host in `:authority`.
  if (!names.includes('host') && !names.includes(':authority'))
    return invalid(presigned, 'SignedHeaders must contain host');
  const signature = { accessKeyId, date, region, service, signedHeaders: names, value, amzDate, sessionToken, expires };
  return { kind: 'signed', signature };
}

/** Milliseconds since 1970 of `20261128T101112Z`. */
export function timeOf(amzDate: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const invalid = (presigned: boolean, reason: string): Signed => ({ kind: 'invalid', presigned, reason });

const text = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

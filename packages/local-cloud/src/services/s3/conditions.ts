import { ServiceError } from '../service.ts';
import { preconditionFailed } from './errors.ts';
import type { Version } from './records.ts';

/** Conditions of a write on the object it replaces. ETags may have quotes. */
export interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: '*' | undefined;
}

/** Returns the check of a write's conditions, which runs in the transaction of the write. */
export function writeCheck({
  IfMatch,
  IfNoneMatch,
}: WriteConditions): ((current: Version | undefined) => void) | undefined {
  if (IfMatch === undefined && IfNoneMatch === undefined) return undefined;
  return (current) => {
    if (IfNoneMatch !== undefined && current !== undefined) throw preconditionFailed('If-None-Match');
    if (IfMatch === undefined) return;
    if (current === undefined) throw new ServiceError('NoSuchKey', 'If-Match: the object does not exist.', 404);
    if (!matches(IfMatch, current.etag)) throw preconditionFailed('If-Match');
  };
}

/** Conditions of a read. */
export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** Throws `PreconditionFailed` (412) or `NotModified` (304). As in RFC 9110, ETags take precedence over dates. */
export function checkRead(version: Version, conditions: ReadConditions): void {
  const modified = Math.floor(version.modifiedAt / 1000) * 1000;
  if (conditions.IfMatch !== undefined) {
    if (!matches(conditions.IfMatch, version.etag)) throw preconditionFailed('If-Match');
  } else if (conditions.IfUnmodifiedSince !== undefined && modified > conditions.IfUnmodifiedSince.getTime()) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (conditions.IfNoneMatch !== undefined) {
    if (matches(conditions.IfNoneMatch, version.etag)) throw notModified();
  } else if (conditions.IfModifiedSince !== undefined && modified <= conditions.IfModifiedSince.getTime()) {
    throw notModified();
  }
}

const notModified = (): ServiceError => new ServiceError('NotModified', 'Not Modified', 304);

function matches(condition: string, etag: string): boolean {
  return condition.split(',').some((tag) => tag.trim() === '*' || tag.trim().replaceAll('"', '') === etag);
}

/** The bytes from `start` to `end` (exclusive). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses a `Range` header. Returns undefined without one, and for ranges that RFC 9110 lets a server ignore (several
 * ranges, another unit). Throws `InvalidRange` (416) if the range lies outside the object.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first, last] = match ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= size || end <= start)
    throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { start, end };
}

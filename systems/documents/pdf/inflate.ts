import { inflateRawSync, inflateSync, constants } from 'node:zlib';

/** Part of a text document is never this large. Part of a compression bomb is. */
export const MAX_PART_BYTES = 64 * 1_024 * 1_024;

export type Inflated =
  | { readonly kind: 'whole'; readonly data: Uint8Array }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'too-large' };

/** Inflates zlib data. It is whole if its checksum fits, or if only the checksum or the mark of the last block is missing. */
export function inflate(data: Uint8Array): Inflated {
  try {
    return { kind: 'whole', data: inflateSync(data, { maxOutputLength: MAX_PART_BYTES }) };
  } catch (error) {
    if (isTooLarge(error)) return { kind: 'too-large' };
    return endsEarly(error) ? inflateUnfinished(data) : { kind: 'damaged' };
  }
}

function inflateUnfinished(data: Uint8Array): Inflated {
  const options = { maxOutputLength: MAX_PART_BYTES };
  try {
    if (isFlushed(data))
      return { kind: 'whole', data: inflateSync(data, { ...options, finishFlush: constants.Z_SYNC_FLUSH }) };
    return { kind: 'whole', data: inflateRawSync(data.subarray(2), options) };
  } catch (error) {
    return { kind: isTooLarge(error) ? 'too-large' : 'damaged' };
  }
}

/** Whether the data end with the empty block of a flush (`Z_SYNC_FLUSH`), perhaps followed by a line end. */
const isFlushed = (data: Uint8Array): boolean =>
  /\0\0\xff\xff[\r\n]{0,2}$/.test(Buffer.from(data.subarray(-6)).toString('latin1'));

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const isTooLarge = (error: unknown): boolean => codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
const endsEarly = (error: unknown): boolean => codeOf(error) === 'Z_BUF_ERROR';

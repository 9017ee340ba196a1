import { MAX_PART_BYTES } from './inflate.ts';
import { tooMuchUnpacked } from './limits.ts';
import { damaged } from './rejections.ts';

/** Throws the fault of data that could not be unpacked. */
export function checkData(kind: 'whole' | 'sound' | 'damaged' | 'too-large'): void {
  if (kind === 'damaged') throw damaged();
  if (kind === 'too-large') throw tooMuchUnpacked(MAX_PART_BYTES);
}

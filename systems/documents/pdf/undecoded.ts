/** Bullets and logos have no letters. A few of them are normal. */
export const MAX_UNDECODED = 0.1;

/** Codes that do not occur in text: control codes, private use, and the mark of a failed decoding. */
export const isUndecoded = (code: number): boolean =>
  code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0xe000 && code <= 0xf8ff) || code === 0xfffd;

/** Whether a text is mostly made of codes that say nothing. */
export function isGarbled(text: string): boolean {
  let [letters, undecoded] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) continue;
    letters += 1;
    if (isUndecoded(code)) undecoded += 1;
  }
  return undecoded > letters * MAX_UNDECODED;
}

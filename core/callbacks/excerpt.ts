const MAX_LENGTH = 200;

/** How a receiver's answer begins, fit for one line of a log: whatever it is, it is short and shows no control characters. */
export function excerptOf(text: string): string {
  const line = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

// Escape sequences in a task's text, a file's name or an error could otherwise move the cursor, overwrite the terminal or
// write to its clipboard; bidirectional controls could show a text in another order than it has (Unicode TR 36, 3.3).
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Makes untrusted text safe to print: keeps line breaks and tabs, replaces other control characters. */
export const printable = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, '\uFFFD');

/** The same on one line. */
export const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, ' ').trim();

/** Makes JSON safe to print and keeps its meaning: `JSON.stringify` itself leaves some control characters as they are. */
export const escapedControls = (json: string): string =>
  json.replaceAll(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);

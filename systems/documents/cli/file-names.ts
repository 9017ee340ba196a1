/** The name by which a file is uploaded and shown in the report. */
export interface ReadableName {
  readonly name: string;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** What old ZIP archives and Windows wrote. Every byte has a character. */
const LATIN1 = new TextDecoder('windows-1252');

/**
 * Turns the bytes of file names into names of S3 objects: valid Unicode without control characters, which XML cannot
 * carry. Bytes that are not UTF-8 are read as Windows-1252. Two files whose names become the same get a number.
 */
export function uniqueNames(): (folder: string, bytes: Buffer) => ReadableName {
  const taken = new Set<string>();
  return (folder, bytes) => {
    const wanted = readable(bytes);
    let name = wanted;
    for (let copy = 2; taken.has(`${folder}/${name}`); copy += 1) name = numbered(wanted, copy);
    taken.add(`${folder}/${name}`);
    return { name };
  };
}

/** U+FFFE and U+FFFF are no characters of XML either. */
const NOT_IN_XML = /[\p{Cc}\uFFFE\uFFFF]/gu;

function readable(bytes: Buffer): string {
  return decode(bytes).replaceAll(NOT_IN_XML, '_');
}

function decode(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return LATIN1.decode(bytes);
  }
}

/** `a.pdf` becomes `a (2).pdf`. */
function numbered(name: string, copy: number): string {
  const dot = name.lastIndexOf('.');
  const at = dot <= 0 ? name.length : dot;
  return `${name.slice(0, at)} (${copy})${name.slice(at)}`;
}

/** How far into a page browsers look for its charset. */
const META_REACH = 1_024;
const BOMS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
];

/**
 * Decodes a body: by the `Content-Type` header, else its byte order mark, else what its start declares, else UTF-8 if it
 * is that, else Windows-1252, as browsers read pages without a charset. Broken characters become U+FFFD.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | undefined): string {
  const named =
    known(/charset\s*=\s*["']?([\w:.-]+)/i.exec(contentType ?? '')?.[1]) ??
    BOMS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1] ??
    declared(bytes);
  // Many servers say ISO-8859-1 of every file. What can be read as UTF-8 is nothing else: by chance it never is.
  if (named !== undefined && named !== 'windows-1252') return new TextDecoder(named).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** What `<meta charset>`, `<meta http-equiv>` or the XML declaration say. */
function declared(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, META_REACH));
  const name =
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w:.-]+)/i.exec(start)?.[1] ??
    /<\?xml[^>]{0,200}encoding\s*=\s*["']([\w:.-]+)/i.exec(start)?.[1];
  const label = known(name);
  // A page that can be read so far is no UTF-16 (HTML standard, "prescan a byte stream").
  return label?.startsWith('utf-16') === true ? 'utf-8' : label;
}

/** The label, if decoders know it. */
function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

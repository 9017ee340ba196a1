import { extractText, getDocumentProxy } from 'unpdf';

/** Returns the text of each page. Throws the error of pdf.js if it cannot open the file. */
export async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  // A copy, because pdf.js takes over the buffer.
  const { text } = await extractText(await getDocumentProxy(bytes.slice(), { verbosity: 0 }), { mergePages: false });
  return text;
}

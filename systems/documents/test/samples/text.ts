import { extractText, getDocumentProxy } from 'unpdf';

/** The text of each page. Throws what PDF.js throws where it cannot open the file. */
export async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  // PDF.js takes the buffer away from its owner, so it gets a copy.
  const { text } = await extractText(await getDocumentProxy(bytes.slice(), { verbosity: 0 }), { mergePages: false });
  return text;
}

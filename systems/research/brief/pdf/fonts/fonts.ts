import { readFile } from 'node:fs/promises';

/** DejaVu Sans: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic. It has no Chinese, Japanese, Korean or Indic letters. */
export interface Fonts {
  readonly regular: Buffer;
  readonly bold: Buffer;
}

/** The fonts beside this file, or beside the bundle that it is in. */
export async function loadFonts(): Promise<Fonts> {
  const [regular, bold] = await Promise.all(
    ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => readFile(new URL(name, import.meta.url))),
  );
  if (regular === undefined || bold === undefined) throw new Error('The fonts of the PDF are missing.');
  return { regular, bold };
}

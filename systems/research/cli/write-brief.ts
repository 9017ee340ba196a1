import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '#cli/make-folder.ts';
import { briefFiles } from '../brief/files.ts';
import type { Brief } from '../brief/schema.ts';

/** Writes the files of a brief. Each is complete or not there. */
export async function writeBrief(brief: Brief, folder: string): Promise<void> {
  for (const [name, content] of briefFiles(brief)) {
    const file = join(folder, name);
    makeFolder(dirname(file));
    await writeFile(`${file}.part`, content);
    await rename(`${file}.part`, file);
  }
}

import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { wrongUsage } from '#cli/user-error.ts';
import { shorten } from '#core/text/text.ts';

export interface FoundDocument {
  /** Path relative to the folder, with forward slashes. It is `file` in the report. */
  readonly file: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** An S3 key has at most 1,024 bytes of UTF-8. `uploads/<id>/` takes up to 70 of them. */
const MAX_FILE_BYTES = 950;
const MANIFEST = '_manifest.json';

/**
 * Finds every regular, non-hidden file in a folder and its subfolders, sorted by path. Throws wrong usage (exit code 2)
 * if the path is not a folder, the folder is empty, or a file name is not valid for an upload.
 */
export async function findDocuments(folder: string): Promise<readonly FoundDocument[]> {
  const root = resolve(folder);
  const info = await stat(root).catch(() => null);
  if (!info) throw wrongUsage(`The folder "${folder}" does not exist.`, 'Pass the folder with the documents.');
  if (!info.isDirectory()) throw wrongUsage(`"${folder}" is not a folder.`, 'Pass the folder that contains the file.');
  const documents: FoundDocument[] = [];
  for await (const document of walk(root, root)) documents.push(document);
  if (documents.length === 0)
    throw wrongUsage(
      `"${folder}" has no documents.`,
      'Pass a folder with at least one regular, non-hidden file in it or its subfolders.',
    );
  for (const { file } of documents) checkName(file);
  return documents.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

async function* walk(root: string, folder: string): AsyncIterable<FoundDocument> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(root, path);
    if (entry.isFile()) {
      const { size } = await stat(path);
      yield { file: relative(root, path).split(sep).join('/'), path, size };
    }
  }
}

function checkName(file: string): void {
  if (file === MANIFEST) throw wrongUsage(`"${file}" is reserved for the upload manifest.`, 'Rename that file.');
  if (Buffer.byteLength(file) > MAX_FILE_BYTES)
    throw wrongUsage(`The path "${shorten(file, 61)}" is longer than ${MAX_FILE_BYTES} bytes.`, 'Shorten it.');
}

import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { wrongUsage } from '#cli/user-error.ts';

export interface FoundDocument {
  /** Path relative to the folder, with forward slashes: `file` in the report. */
  readonly file: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** S3 keys hold at most 1,024 bytes of UTF-8, of which `uploads/<id>/` takes up to 70. */
const MAX_FILE_BYTES = 950;
const MANIFEST = '_manifest.json';

/**
 * Every regular, non-hidden file below a folder, sorted by path. Throws wrong usage (exit code 2) for a path that is no
 * folder, for an empty one, and for the names that an upload can't hold.
 */
export async function findDocuments(folder: string): Promise<readonly FoundDocument[]> {
  const root = resolve(folder);
  const info = await stat(root).catch(() => null);
  if (!info) throw wrongUsage(`There is no folder "${folder}".`, 'Name a folder that holds the documents.');
  if (!info.isDirectory()) throw wrongUsage(`"${folder}" is not a folder.`, 'Name the folder that holds the document.');
  const documents: FoundDocument[] = [];
  for await (const document of walk(root, root)) documents.push(document);
  if (documents.length === 0)
    throw wrongUsage(
      `"${folder}" holds no documents.`,
      'Name a folder with at least one regular, non-hidden file below it.',
    );
  for (const { file } of documents) refuseName(file);
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

function refuseName(file: string): void {
  if (file === MANIFEST) throw wrongUsage(`"${file}" is the name by which an upload is closed.`, 'Rename that file.');
  if (Buffer.byteLength(file) > MAX_FILE_BYTES)
    throw wrongUsage(`The path "${file.slice(0, 60)}…" is longer than ${MAX_FILE_BYTES} bytes.`, 'Shorten it.');
}

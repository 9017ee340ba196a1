import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { wrongUsage } from '#cli/user-error.ts';
import { uniqueNames, type ReadableName } from './file-names.ts';

export interface FoundDocument {
  /** Path relative to the folder, with forward slashes. It is `file` in the report. */
  readonly file: string;
  /** The bytes of the path when it is not valid UTF-8. */
  readonly path: string | Buffer;
  /** Bytes. */
  readonly size: number;
}

/** A file or folder that cannot be analysed. */
export interface SkippedFile {
  readonly file: string;
  /** What is wrong, and the remedy. */
  readonly reason: string;
}

export interface FindOptions {
  readonly signal?: AbortSignal;
  /** Receives what cannot be read. The search goes on. */
  readonly onSkipped?: (skipped: SkippedFile) => void;
  /** Receives what is no regular file: pipes, sockets, devices, links to folders. Not called when there is none. */
  readonly onIrregular?: (files: readonly SkippedFile[]) => void;
}

/** An S3 key has at most 1,024 bytes of UTF-8. `uploads/<id>/` takes up to 70 of them. */
const MAX_FILE_BYTES = 950;
const MANIFEST = '_manifest.json';

/**
 * Finds every regular, non-hidden file in a folder and its subfolders, sorted by path. A symbolic link to a regular file
 * counts as one; a link to a folder is not followed, so that no loop of links is. Names are read as bytes, so that one
 * which is not UTF-8 stops nothing. Throws wrong usage (exit code 2) if the path is not a folder, the folder has no
 * documents, or a file has the name of the upload manifest; throws the signal's reason when it is aborted.
 */
export async function findDocuments(folder: string, options: FindOptions = {}): Promise<readonly FoundDocument[]> {
  const root = resolve(folder);
  const info = await stat(root).catch(() => null);
  if (!info) throw wrongUsage(`The folder "${folder}" does not exist.`, 'Pass the folder with the documents.');
  if (!info.isDirectory()) throw wrongUsage(`"${folder}" is not a folder.`, 'Pass the folder that contains the file.');
  const documents: FoundDocument[] = [];
  const search: Search = { options, named: uniqueNames(), irregular: [] };
  const from = { path: Buffer.from(root), file: '' };
  for await (const document of walk(search, from)) documents.push(document);
  if (search.irregular.length > 0) options.onIrregular?.(search.irregular);
  if (documents.some(({ file }) => file === MANIFEST))
    throw wrongUsage(`"${MANIFEST}" is reserved for the upload manifest.`, 'Rename that file.');
  if (documents.length === 0)
    throw wrongUsage(
      `"${folder}" has no documents.`,
      'Pass a folder with at least one regular, non-hidden file in it or its subfolders.',
    );
  return documents.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

interface Search {
  readonly options: FindOptions;
  /** Names by which files are uploaded; no two are the same. */
  readonly named: (folder: string, name: Buffer) => ReadableName;
  /** Collects what is no regular file. */
  readonly irregular: SkippedFile[];
}

interface Place {
  readonly path: Buffer;
  readonly file: string;
}

async function* walk(search: Search, folder: Place): AsyncIterable<FoundDocument> {
  const { signal, onSkipped } = search.options;
  signal?.throwIfAborted();
  const entries = await unlessUnreadable(readdir(folder.path, { withFileTypes: true, encoding: 'buffer' }));
  if ('reason' in entries) return onSkipped?.({ file: `${folder.file || '.'}/`, reason: entries.reason });
  // Sorted by bytes, so that a name is made unique in the same way each time.
  const sorted = entries.value.toSorted((a: Dirent<Buffer>, b: Dirent<Buffer>) => a.name.compare(b.name));
  for (const entry of sorted) {
    if (entry.name.toString('latin1').startsWith('.')) continue;
    const path = Buffer.concat([folder.path, Buffer.from('/'), entry.name]);
    const { name } = search.named(folder.file, entry.name);
    const file = folder.file === '' ? name : `${folder.file}/${name}`;
    if (entry.isDirectory()) yield* walk(search, { path, file });
    else if (entry.isFile() || entry.isSymbolicLink()) yield* document(search, { path, file }, entry.isSymbolicLink());
    else search.irregular.push({ file, reason: IRREGULAR });
  }
}

const IRREGULAR = 'It is a pipe, a socket or a device.';
const LINKED_FOLDER = 'It is a link to a folder, which is not followed. Pass that folder itself.';
const BROKEN_LINK = 'It is a link to a file that does not exist. Correct the link and run the command again.';

async function* document(
  { options, irregular }: Search,
  { path, file }: Place,
  isLink: boolean,
): AsyncIterable<FoundDocument> {
  options.signal?.throwIfAborted();
  const skip = (reason: string): void => options.onSkipped?.({ file, reason });
  if (Buffer.byteLength(file) > MAX_FILE_BYTES)
    return skip(`Its path is longer than ${MAX_FILE_BYTES} bytes. Shorten it and run the command again.`);
  const info = await unlessUnreadable(stat(path), isLink ? { ...REASONS, ENOENT: BROKEN_LINK } : REASONS);
  if ('reason' in info) return skip(info.reason);
  // Opening a pipe would wait for a writer, and a device may have no end.
  if (!info.value.isFile())
    return void irregular.push({ file, reason: info.value.isDirectory() ? LINKED_FOLDER : IRREGULAR });
  const text = path.toString('utf8');
  yield { file, path: Buffer.from(text).equals(path) ? text : path, size: info.value.size };
}

/** Returns why the operating system does not let a file be read; other errors are thrown. */
export async function unlessUnreadable<Value>(
  reading: Promise<Value>,
  reasons = REASONS,
): Promise<{ readonly value: Value } | { readonly reason: string }> {
  try {
    return { value: await reading };
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    return { reason };
  }
}

const DENIED = 'Permission to read it is denied. Allow it (chmod u+r, and u+x for a folder) and run the command again.';
const REASONS: Readonly<Record<string, string>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  ENOENT: 'It was removed while the folder was read. Run the command again when nothing changes the folder.',
  ENOTDIR: 'It was replaced while the folder was read. Run the command again when nothing changes the folder.',
  EIO: 'The disk could not read it. Copy it from a backup and run the command again.',
  ELOOP: 'Its symbolic links form a loop. Correct them and run the command again.',
  ENAMETOOLONG: 'Its path is too long for the operating system. Shorten it and run the command again.',
};

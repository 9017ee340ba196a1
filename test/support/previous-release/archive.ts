import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';

/** As large as the files together. The bundles repeat each other, so the second one costs almost nothing. */
const WINDOW_LOG = 26;

const headSchema = z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative() }));

/** Packs the files of a folder: a line of JSON with each path and size, then the contents, compressed as one. */
export function pack(folder: string, isWanted: (path: string) => boolean): Uint8Array {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter(isWanted)
    .toSorted();
  const files = paths.map((path) => ({ path, content: readFileSync(join(folder, path)) }));
  const head = files.map(({ path, content }) => ({ path, bytes: content.length }));
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...files.map(({ content }) => content)]);
  return zstdCompressSync(whole, {
    params: {
      [constants.ZSTD_c_compressionLevel]: 19,
      [constants.ZSTD_c_windowLog]: WINDOW_LOG,
      [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    },
  });
}

/** Writes the files of an archive below a folder. */
export function unpack(archive: Uint8Array, folder: string): void {
  const whole = zstdDecompressSync(archive, { params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG } });
  const end = whole.indexOf('\n');
  let at = end + 1;
  for (const { path, bytes } of headSchema.parse(JSON.parse(whole.toString('utf8', 0, end)))) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, whole.subarray(at, at + bytes));
    at += bytes;
  }
}

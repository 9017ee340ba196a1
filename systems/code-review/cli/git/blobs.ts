import { runGit } from './run-git.ts';

/** Bytes of a file above which its content is not read: its hunks are reviewed without their functions. */
const MAX_BLOB = 500_000;

/**
 * Reads files at a commit with one `git cat-file`. Files that do not exist, are no text or are too large are left out.
 * Filters and text conversions of the repository do not run.
 */
export async function readBlobs(
  folder: string,
  commit: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  // A line break in a path would be the end of the request for it.
  const asked = paths.filter((path) => !path.includes('\n'));
  const request = (each: readonly string[]): string => each.map((path) => `${commit}:${path}\n`).join('');
  const checked = await runGit(folder, ['cat-file', '--batch-check=%(objecttype) %(objectsize)'], {
    input: request(asked),
    signal,
  });
  const sizes = checked.stdout.toString('utf8').split('\n');
  const wanted = asked.filter((_, at) => {
    const [type, size] = sizes[at]?.split(' ') ?? [];
    return type === 'blob' && Number(size) <= MAX_BLOB;
  });
  const { stdout } = await runGit(folder, ['cat-file', '--batch=%(objectsize)'], { input: request(wanted), signal });
  const contents = new Map<string, string>();
  let at = 0;
  for (const path of wanted) {
    const end = stdout.indexOf('\n', at);
    const size = Number(stdout.toString('latin1', at, end));
    if (end < 0 || Number.isNaN(size)) break;
    const bytes = stdout.subarray(end + 1, end + 1 + size);
    if (!bytes.includes(0)) contents.set(path, bytes.toString('utf8'));
    at = end + 1 + size + 1;
  }
  return contents;
}

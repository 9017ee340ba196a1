import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What names a mail's file. */
export interface MailName {
  /** Unique among mails. */
  readonly id: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/**
 * Writes a mail as an `.eml` file, which mail programs can open. The file name starts with the time, so that a folder lists
 * mails in order. The file is renamed when complete.
 * @returns the path of the file
 */
export async function writeMailFile(
  folder: string,
  { id, to, sentAt }: MailName,
  mail: string | Uint8Array,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const time = new Date(sentAt).toISOString().replaceAll(/[:.]/g, '-');
  const path = join(folder, `${time} ${to.replaceAll(/[^\w.@+-]/g, '_')} ${id}.eml`);
  await writeFile(`${path}.new`, mail, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return path;
}

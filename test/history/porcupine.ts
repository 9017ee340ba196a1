import { execFile, type ExecFileException } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PROJECT } from '#cli/fleet/paths.ts';
import { UserError } from '#cli/user-error.ts';

const run = promisify(execFile);

const SOURCE = join(import.meta.dirname, 'porcupine');
const PROGRAM = join(PROJECT, '.cache', 'porcupine', 'judge');
const MAX_OUTPUT = 64 * 2 ** 20;

const judgementSchema = z.object({
  file: z.string(),
  /** Calls to lease items, and those of them without an answer. */
  calls: z.number(),
  open: z.number(),
  /** Lease items, one per home in each region's table. */
  items: z.number(),
  /** Times in which a region held a home. */
  holds: z.number(),
  violations: z.array(z.string()),
  undecided: z.array(z.string()),
});
/** What Porcupine says of one history. */
export type Judgement = z.output<typeof judgementSchema>;

/** Exit code where Go or the module is missing: nothing was judged. */
const NOT_JUDGED = 3;

/**
 * Builds the checker into `.cache/porcupine`; Go does nothing where it is up to date. Returns the program's path. Throws a
 * `UserError` with the exit code 3 where Go is missing, or the module cannot be downloaded.
 */
export async function buildPorcupine(): Promise<string> {
  try {
    await run('go', ['build', '-o', PROGRAM, '.'], { cwd: SOURCE });
    return PROGRAM;
  } catch (error) {
    const { code, stderr = '' } = error as ExecFileException;
    if (code === 'ENOENT')
      throw new UserError(
        'Go is not on the PATH. Porcupine, which judges histories, is a library of Go.',
        'Install Go 1.21 or newer (https://go.dev/dl), and put its folder bin on the PATH.',
        NOT_JUDGED,
      );
    throw new UserError(
      `Porcupine cannot be built: ${stderr.trim()}`,
      'Go downloads the module once: check the connection, or GOPROXY (go help goproxy).',
      NOT_JUDGED,
    );
  }
}

/** Judges histories. Throws a `UserError` if one cannot be read. */
export async function judge(program: string, files: readonly string[]): Promise<readonly Judgement[]> {
  const output = await run(program, [...files], { maxBuffer: MAX_OUTPUT }).then(
    ({ stdout }) => stdout,
    (error: ExecFileException) => {
      // 1 says that a history is not right.
      if (error.code === 1) return error.stdout ?? '';
      throw new UserError((error.stderr ?? error.message).trim(), 'A history has one JSON object per line.');
    },
  );
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => judgementSchema.parse(JSON.parse(line)));
}

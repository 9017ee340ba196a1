import { createInterface } from 'node:readline/promises';
import { count } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import { UserError } from '#cli/user-error.ts';
import type { Replaced } from './interrupted-upload.ts';

/** More documents, or with the real model more dollars, and the user is asked first. */
export const MAX_DOCUMENTS_UNASKED = 1_000;
export const MAX_USD_UNASKED = 50;

export interface Consent {
  /** `--yes`: the user has agreed beforehand. */
  readonly yes: boolean;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** What a refusal leaves undone, and what to do then. @default an upload */
  readonly refused?: { readonly nothing: string; readonly check: string; readonly smaller: string };
}

const NO_UPLOAD = {
  nothing: 'Nothing was uploaded.',
  check: 'Check the folder, then confirm with --yes.',
  smaller: 'Pass a smaller folder, or answer yes.',
};

/** Asks before something large. What is asked stays on one line, so that a file's name cannot add a line to it. Throws a `UserError` when the user declines or nobody can answer. */
export async function askFirst(about: string, { yes, output, signal, refused = NO_UPLOAD }: Consent): Promise<void> {
  if (yes) return;
  const what = oneLine(about);
  if (!process.stdin.isTTY)
    throw new UserError(`${what} This is not a terminal, so nobody can confirm. ${refused.nothing}`, refused.check);
  output.line(what);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // While it reads, the terminal's Ctrl-C arrives here and not as a signal.
  prompt.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await prompt.question('Continue? [y/N] ', { signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    prompt.close();
  }
  throw new UserError(`Stopped. ${refused.nothing}`, refused.smaller);
}

/**
 * Says what a continued upload keeps, deletes and adds. Asks first when it keeps nothing: the folder is likely another
 * one than the upload's.
 */
export async function agreeToReplace({ kept, deleted, added }: Replaced, consent: Consent): Promise<void> {
  const counts = `${count(kept, 'document')} of it ${kept === 1 ? 'stays' : 'stay'}, ${deleted} deleted, ${added} added.`;
  if (kept === 0 && deleted > 0) return askFirst(`The folder has no document of the upload. ${counts}`, consent);
  consent.output.line(`Continues the upload: ${counts}`);
}

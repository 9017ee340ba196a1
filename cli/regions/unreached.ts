import { UserError } from '../user-error.ts';

/** The options that name the same fleet again. */
export const optionsOf = (environment: string | null): readonly string[] =>
  environment === null ? [] : ['--env', environment];

/** A region in which something was not done, and why. */
export interface Unreached {
  readonly region: string;
  readonly problem: string;
}

/** An error in one line. The SDK's words for a call without an answer name its own code and say nothing of the region. */
export const problemOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.startsWith('@smithy/') ? 'no answer in time' : text.replaceAll(/\s+/g, ' ').trim();
};

/**
 * That something was not done in some regions, as an error for the user: what was done stays.
 * @param missing what the regions miss, such as `the key is not admitted`
 * @param remedy how to complete it
 */
export function notEverywhere(unreached: readonly Unreached[], missing: string, remedy: string): UserError {
  const reasons = unreached.map(({ region, problem }) => `${region} (${problem})`).join(', ');
  return new UserError(`Not done in ${reasons}: ${missing} there.`, remedy);
}

import { UserError } from '../user-error.ts';

/** The options that name the same fleet again. */
export const optionsOf = (environment: string | null): readonly string[] =>
  environment === null ? [] : ['--env', environment];

/** A region in which something was not done, and why. */
export interface Unreached {
  readonly region: string;
  readonly problem: string;
}

/** An error in one line. */
export const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error)).replaceAll(/\s+/g, ' ').trim();

/**
 * That something was not done in some regions, as an error for the user: what was done stays.
 * @param missing what the regions miss, such as `the key is not admitted`
 * @param remedy how to complete it
 */
export function notEverywhere(unreached: readonly Unreached[], missing: string, remedy: string): UserError {
  const reasons = unreached.map(({ region, problem }) => `${region} (${problem})`).join(', ');
  return new UserError(`Not done in ${reasons}: ${missing} there.`, remedy);
}

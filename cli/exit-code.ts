import { CommanderError } from 'commander';
import { DefinitionError } from '#core/agents/definition-error.ts';
import { noRegion } from './aws-error.ts';
import { fileError } from './file-error.ts';
import { lostFleet } from './lost-fleet.ts';
import { printable } from './terminal/printable.ts';
import { UserError } from './user-error.ts';

/** The error of a command whose exit code 1 means a result, so that a failure must have another one. */
class FailedWith extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, cause: unknown) {
    super('The command failed.', { cause });
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command whose exit code 1 means a result: a failure of any kind ends with this code in its place.
 * @public commands of systems use it
 */
export async function failingWith<Result>(exitCode: number, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw new FailedWith(exitCode, error);
  }
}

/** Prints the error and returns the exit code: 0 for help, 2 for wrong usage, 1 for a failure unless its command chose another. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof FailedWith)) return printed(error);
  const code = printed(error.cause);
  return code === 1 ? error.exitCode : code;
}

function printed(error: unknown): number {
  // Commander has already printed the help or the error; only help and version are a success.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known = error instanceof UserError ? error : (lostFleet(error) ?? noRegion(error) ?? fileError(error));
  if (known !== null) {
    const trace = known === error ? undefined : traceOf(error);
    say([known.message, known.remedy, trace].filter((line) => line !== undefined).join('\n'));
    return known.exitCode;
  }
  if (error instanceof DefinitionError) {
    say(`${error.message}\nCorrect it in the system’s agents folder.`);
    return 1;
  }
  const message = error instanceof Error ? error.message : String(error);
  say(`Unexpected error: ${message}\n${traceOf(error) ?? 'Set FLEET_DEBUG=1 to see the stack trace.'}`);
  return 1;
}

const traceOf = (error: unknown): string | undefined =>
  process.env['FLEET_DEBUG'] === '1' && error instanceof Error ? error.stack : undefined;

const say = (text: string): void => void process.stderr.write(`\n${printable(text)}\n`);

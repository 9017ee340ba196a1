import { CommanderError } from 'commander';
import { UserError } from './user-error.ts';

/** Prints the error and returns the exit code: 0 for help, 1 for a failure, 2 for wrong usage. */
export function exitCodeOf(error: unknown): number {
  // Commander has already printed the help or the error; only help and version are a success.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    process.stderr.write(`\n${error.message}\n${error.remedy}\n`);
    return error.exitCode;
  }
  const trace = process.env['FLEET_DEBUG'] === '1' && error instanceof Error ? error.stack : undefined;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\nUnexpected error: ${message}\n${trace ?? 'Set FLEET_DEBUG=1 to see the stack trace.'}\n`);
  return 1;
}

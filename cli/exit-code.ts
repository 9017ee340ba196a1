import { CommanderError } from 'commander';
import { UserError } from './user-error.ts';

/** Says what went wrong and answers with a program's exit code: 0 help was asked for, 1 not done, 2 wrong usage. */
export function exitCodeOf(error: unknown): number {
  // Commander has printed help, version or what was wrong already; only help and version end well.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    process.stderr.write(`\n${error.message}\n${error.remedy}\n`);
    return error.exitCode;
  }
  const trace = process.env['FLEET_DEBUG'] === '1' && error instanceof Error ? error.stack : undefined;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `\nSomething unforeseen went wrong: ${message}\n${trace ?? 'Set FLEET_DEBUG=1 to see where.'}\n`,
  );
  return 1;
}

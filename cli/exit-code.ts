import { CommanderError } from 'commander';
import { DefinitionError } from '#core/agents/definition-error.ts';
import { printable } from './terminal/printable.ts';
import { UserError } from './user-error.ts';

/** Prints the error and returns the exit code: 0 for help, 1 for a failure, 2 for wrong usage. */
export function exitCodeOf(error: unknown): number {
  // Commander has already printed the help or the error; only help and version are a success.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    say(`${error.message}\n${error.remedy}`);
    return error.exitCode;
  }
  if (error instanceof DefinitionError) {
    say(`${error.message}\nCorrect it in the system’s agents folder.`);
    return 1;
  }
  const trace = process.env['FLEET_DEBUG'] === '1' && error instanceof Error ? error.stack : undefined;
  const message = error instanceof Error ? error.message : String(error);
  say(`Unexpected error: ${message}\n${trace ?? 'Set FLEET_DEBUG=1 to see the stack trace.'}`);
  return 1;
}

const say = (text: string): void => void process.stderr.write(`\n${printable(text)}\n`);

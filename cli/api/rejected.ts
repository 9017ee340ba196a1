import type { FleetError } from '#client/fleet-error.ts';
import type { Problem } from '#core/api/http/problem.ts';
import { oneLine } from '../terminal/table.ts';
import { UserError } from '../user-error.ts';

/** Turns an error response into a message: the problem, its fields and the remedy. */
export function rejected({ problem, status }: FleetError, url: string): UserError {
  return new UserError(sentence(problem), remedyOf(problem, url), status === 400 ? 2 : 1);
}

function sentence({ detail, errors = [] }: Problem): string {
  const fields = errors.length < 2 ? [] : errors.map(({ field, message }) => `  ${oneLine(`${field}: ${message}`)}`);
  return [oneLine(detail), ...fields].join('\n');
}

function remedyOf({ status, errors = [] }: Problem, url: string): string {
  const remedies = [...new Set(errors.map(({ remedy }) => oneLine(remedy)))];
  if (remedies.length > 0) return remedies.join(' ');
  if (status === 0) return `Check the URL ${url} and the network. To start a fleet on this machine, run npm start.`;
  if (status === 401) return 'Check FLEET_KEY: npm run fleet -- keys list shows which keys are valid.';
  if (status === 403) return 'Use a key with that scope or agent: npm run fleet -- keys list shows them.';
  if (status === 404) return 'Check the id: npm run fleet -- tasks lists tasks.';
  if (status === 429) return 'Wait a second and try again, or use a key with a higher rate.';
  if (status >= 500) return 'Try again in a moment. Accepted tasks are not lost.';
  return 'See --help for the options of this command.';
}

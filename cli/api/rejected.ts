import type { FleetError } from '#client/fleet-error.ts';
import type { Problem } from '#core/api/http/problem.ts';
import { NOT_DEPLOYED } from '#core/api/fleet/catalogue.ts';
import { oneLine } from '../terminal/printable.ts';
import { lostFleet } from '../lost-fleet.ts';
import { UserError } from '../user-error.ts';

/** What was asked. */
export interface Asked {
  readonly url: string;
  /** Of the operation, such as `/tasks/{id}`. */
  readonly path: string;
  /** How to repeat the command, as a sentence. */
  readonly again?: string | undefined;
}

/** Turns an error response into a message: the problem, its fields and the remedy. */
export function rejected(error: FleetError, asked: Asked): UserError {
  const { problem, status } = error;
  const lost = status === 0 ? lostFleet(error, asked.again && `Then: ${asked.again}`) : null;
  if (lost !== null) return lost;
  return new UserError(sentence(problem), remedyOf(problem, asked), isWrongUsage(problem, asked.path) ? 2 : 1);
}

/** A malformed request, or an agent that the fleet does not have: wrong usage in every command. */
function isWrongUsage({ status, errors = [] }: Problem, path: string): boolean {
  if (status === 400) return true;
  if (status === 404) return path.includes('{agent}');
  return status === 422 && errors.some(({ field, message }) => field === 'agent' && message === NOT_DEPLOYED);
}

function sentence({ detail, errors = [] }: Problem): string {
  const fields = errors.length < 2 ? [] : errors.map(({ field, message }) => `  ${oneLine(`${field}: ${message}`)}`);
  return [oneLine(detail), ...fields].join('\n');
}

function remedyOf({ status, errors = [] }: Problem, { url, path, again }: Asked): string {
  const remedies = [...new Set(errors.map(({ remedy }) => oneLine(remedy)))];
  if (remedies.length > 0) return remedies.join(' ');
  if (status === 0)
    return [`Check the URL ${url} and the network. To start a fleet on this machine, run npm start.`, again]
      .join(' ')
      .trim();
  if (status === 401)
    return 'Check FLEET_KEY: npm run fleet -- keys list shows which keys are valid, and npm run fleet -- keys create --name NAME creates one.';
  if (status === 403) return 'Use a key with that scope or agent: npm run fleet -- keys list shows them.';
  if (status === 404) return notFoundRemedy(path);
  if (status === 429) return 'Wait a second and try again, or use a key with a higher rate.';
  if (status >= 500) return again ?? 'Try again in a moment. Accepted tasks are not lost.';
  return 'See --help for the options of this command.';
}

/** The command that lists what a path names. */
const LISTS: Readonly<Record<string, string>> = {
  tasks: 'npm run fleet -- tasks lists tasks.',
  runs: 'npm run fleet -- runs lists runs.',
  pools: 'npm run fleet -- agents lists the agents, each with its pool.',
  agents: 'npm run fleet -- agents lists the agents.',
  'bulk-actions': 'npm run fleet -- bulk list lists them.',
  sessions: 'npm run fleet -- tasks shows the session of each task with --json.',
  escalations: 'npm run fleet -- escalations list lists them.',
};

function notFoundRemedy(path: string): string {
  const list = LISTS[path.split('/')[1] ?? ''];
  return list === undefined ? 'Check the URL of the fleet.' : `Check what you typed: ${list}`;
}

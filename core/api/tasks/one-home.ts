import { homeInKey, homeOfTask, type Homes } from '../../regions/home.ts';
import { ApiProblem } from '../http/problem.ts';

/**
 * Throws `ApiProblem` for a key of our client that names another region than the session belongs to. The session decides
 * where the task lives, so the same key without the session would be another task.
 */
export function requireOneHome(
  homes: Homes | undefined,
  idempotencyKey: string | undefined,
  sessionId: string | undefined,
): void {
  if (!homes || idempotencyKey === undefined || sessionId === undefined) return;
  const inKey = homeInKey(idempotencyKey, homes.names);
  const ofSession = homeOfTask(sessionId, homes.names);
  if (inKey === null || inKey === ofSession) return;
  const [named, home] = [homes.names[inKey], homes.names[ofSession]];
  throw new ApiProblem(
    'invalid-request',
    `The Idempotency-Key names the region ${named}, and the session belongs to ${home}.`,
    [
      {
        field: 'Idempotency-Key',
        message: `names the region ${named}, and the session belongs to ${home}`,
        remedy: `Begin the key with "${home}." and a UUID, or use a key that does not begin with a region.`,
      },
      {
        field: 'sessionId',
        message: `belongs to the region ${home}, and the key names ${named}`,
        remedy: `Use a session whose id begins with "${named}.". Sessions without a region belong to ${homes.names[0]}.`,
      },
    ],
  );
}

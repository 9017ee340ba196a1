import type { ServerResponse } from 'node:http';
import { ZodError } from 'zod';
import type { World } from '../world/world.ts';
import { ApiError } from './api-error.ts';
import { parseJson } from './body.ts';
import { faultRuleSchema } from './faults.ts';

interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly bytes: Buffer;
}

const PREFIX = '/simulated/';

/** Serves `/simulated/faults`, which adds a fault (POST) or removes all (DELETE). Returns whether the path was its own. */
export function serveControl(world: World, request: ControlRequest, response: ServerResponse): boolean {
  const { method, path, bytes } = request;
  if (!path.startsWith(PREFIX) || path.startsWith('/simulated/avatars/')) return false;
  const operation = `${method} ${path.slice(PREFIX.length)}`;
  if (operation === 'POST faults') world.faults.add(parseRule(parseJson(bytes)));
  else if (operation === 'DELETE faults') world.faults.clear();
  else throw new ApiError(404, 'Not Found. The simulation has POST and DELETE /simulated/faults.');
  response.writeHead(204).end();
  return true;
}

function parseRule(body: unknown) {
  try {
    return faultRuleSchema.parse(body);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ApiError(422, problems.join('\n'));
  }
}

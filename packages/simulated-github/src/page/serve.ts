import type { ServerResponse } from 'node:http';
import type { World } from '../world/world.ts';

export async function servePage(_world: World, _path: string, _response: ServerResponse): Promise<boolean> {
  return false;
}

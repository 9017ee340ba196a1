import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RegisteredResource } from './provision.ts';
import { resourceContext } from './resource.ts';
import type { ResourceHost } from './resource.ts';
import { resourceTypeOf } from './types.ts';

const known = z.array(z.object({ stack: z.string(), logicalId: z.string(), type: z.string(), ref: z.string() }));

/**
 * Removes resources of the last start that the template no longer has, if they would still act, such as subscriptions.
 * Resources with data stay. Then records the current resources.
 */
export async function removeLeftovers(resources: readonly RegisteredResource[], host: ResourceHost): Promise<void> {
  const path = join(host.dataDir, 'resources.json');
  const refs = new Set(resources.map(({ ref }) => ref));
  for (const { stack, logicalId, type, ref } of read(path)) {
    const remove = refs.has(ref) ? undefined : resourceTypeOf(type, logicalId)?.remove;
    await remove?.(ref, resourceContext(host, stack, logicalId));
  }
  const now = resources.map(({ stack, logicalId, type, ref }) => ({ stack, logicalId, type, ref }));
  writeFileSync(path, JSON.stringify(now, null, 2), { mode: 0o600 });
}

function read(path: string): z.output<typeof known> {
  try {
    return known.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new Error(`${path} cannot be read. Delete it to start without it.`, { cause: error });
  }
}

import { createHash } from 'node:crypto';
import type { ResourceContext } from './resource.ts';

export const SOURCE_MAPPING = 'AWS::Lambda::EventSourceMapping';

/** Derives the id of a mapping from its logical id, so that it is the same at every start. */
export function mappingId(context: ResourceContext): { readonly uuid: string; readonly arn: string } {
  const hex = createHash('sha256').update(context.where).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  const uuid = parts.join('-');
  return { uuid, arn: context.arn('lambda', `event-source-mapping:${uuid}`) };
}

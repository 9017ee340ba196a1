import { lambdaFunction } from './lambda-function.ts';
import { eventSourceMapping } from './lambda-mapping.ts';
import { alias, eventInvokeConfig, version } from './lambda-qualifiers.ts';
import { queue } from './queue.ts';
import { registeredTypes } from './registered.ts';
import type { ResourceType } from './resource.ts';
import { globalTable, table } from './table.ts';

/** Every CloudFormation type that the local cloud knows, by name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    alias,
    eventInvokeConfig,
    eventSourceMapping,
    globalTable,
    lambdaFunction,
    queue,
    table,
    version,
    ...registeredTypes,
  ].map((type) => [type.type, type]),
);

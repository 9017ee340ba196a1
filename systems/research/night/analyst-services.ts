import type { Artifacts } from '#core/ports/artifacts.ts';
import type { Table } from '#runtime/index.ts';
import type { AnalystServices } from '../agents/company-analyst.ts';
import { dynamodbMemory } from '../memory/dynamodb-memory.ts';
import { collectedStore } from './collected.ts';

export interface AnalystPlace {
  readonly artifacts: Artifacts;
  /** The bucket of snapshots. */
  readonly bucket: string;
  /** The research table. */
  readonly table: Table;
}

/** What analysts and searchers use. */
export const analystServices = ({ artifacts, bucket, table }: AnalystPlace): AnalystServices => ({
  collected: (tenant, key) => collectedStore(artifacts, bucket, tenant).read(key),
  recall: (tenant, { space, id, night }) => dynamodbMemory(table, { tenant, space }).recall(id, night),
});

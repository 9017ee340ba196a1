import { z } from 'zod';
import { parseInput } from '../http.ts';
import type { ServiceInput, ServiceOutput } from '../service.ts';

const CODES = { missing: 'ValidationException', invalid: 'ValidationException' };

const TableInput = z.strictObject({ TableName: z.string() });
const BackupsInput = z.strictObject({
  TableName: z.string(),
  PointInTimeRecoverySpecification: z.strictObject({
    PointInTimeRecoveryEnabled: z.boolean(),
    RecoveryPeriodInDays: z.number().optional(),
  }),
});
const TtlInput = z.strictObject({
  TableName: z.string(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }),
});

type Operation = (input: ServiceInput) => Promise<ServiceOutput>;

/**
 * Table settings that are stored and described but have no effect here: point-in-time recovery (nothing is backed up) and
 * time to live (nothing expires; AWS also deletes only within days, so readers must check lifetimes themselves).
 */
export class TableSettings {
  readonly #describeTable: (table: string) => Promise<unknown>;
  readonly #recovery = new Map<string, boolean>();
  readonly #ttl = new Map<string, { readonly AttributeName: string; readonly Enabled: boolean }>();
  readonly #operations: Readonly<Record<string, Operation>> = {
    DescribeContinuousBackups: async (input) => {
      const { TableName } = parseInput(TableInput, input, CODES);
      await this.#describeTable(TableName);
      return this.#backups(TableName);
    },
    UpdateContinuousBackups: async (input) => {
      const { TableName, PointInTimeRecoverySpecification } = parseInput(BackupsInput, input, CODES);
      await this.#describeTable(TableName);
      this.#recovery.set(TableName, PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled);
      return this.#backups(TableName);
    },
    DescribeTimeToLive: async (input) => {
      const { TableName } = parseInput(TableInput, input, CODES);
      await this.#describeTable(TableName);
      const ttl = this.#ttl.get(TableName);
      const on = ttl?.Enabled === true;
      return {
        TimeToLiveDescription: on
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: ttl.AttributeName }
          : { TimeToLiveStatus: 'DISABLED' },
      };
    },
    UpdateTimeToLive: async (input) => {
      const { TableName, TimeToLiveSpecification } = parseInput(TtlInput, input, CODES);
      await this.#describeTable(TableName);
      this.#ttl.set(TableName, TimeToLiveSpecification);
      return { TimeToLiveSpecification };
    },
  };

  constructor(describeTable: (table: string) => Promise<unknown>) {
    this.#describeTable = describeTable;
  }

  handles(action: string): boolean {
    return Object.hasOwn(this.#operations, action);
  }

  run(action: string, input: ServiceInput): Promise<ServiceOutput> {
    const operation = this.#operations[action];
    if (operation === undefined) throw new Error(`TableSettings does not support ${action}.`);
    return operation(input);
  }

  #backups(table: string): ServiceOutput {
    const PointInTimeRecoveryStatus = this.#recovery.get(table) === true ? 'ENABLED' : 'DISABLED';
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    };
  }
}

/** The parts of dynalite 4 that the host drives in-process; dynalite itself has no typings. */
declare module 'dynalite/db/index.js' {
  export interface DynaliteStore {
    readonly tableDb: { awsAccountId: string; awsRegion: string };
    readonly db: { close(callback: (error?: Error | null) => void): void };
  }
  export function create(options: {
    /** Folder of the LevelDB store; in memory without it. */
    path?: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): DynaliteStore;
}

declare module 'dynalite/validations/index.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';
  /** Drops what `types` does not know, converts the rest; throws a `DynaliteError`. */
  export function checkTypes(data: object, types: object): object;
  /** Throws a `DynaliteError`. */
  export function checkValidations(data: object, types: object, custom: unknown, store: DynaliteStore): void;
}

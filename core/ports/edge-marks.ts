/** The store of marks that the edge reads: by the name of a region. */
export interface EdgeMarks {
  /** Throws if the store cannot be read. */
  read(): Promise<{ readonly marks: ReadonlyMap<string, string>; readonly version: string }>;
  /** Changes the store if it still has that version. */
  write(
    version: string,
    change: { readonly put: ReadonlyMap<string, string>; readonly remove: readonly string[] },
  ): Promise<'written' | 'conflict'>;
}

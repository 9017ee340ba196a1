/** What an analyst reads: the documents of one company that changed. Their URLs stay outside. */
export interface AnalystInput {
  readonly company: { readonly name: string; readonly sector: string | null };
  /** The night, YYYY-MM-DD. */
  readonly night: string;
  readonly documents: readonly {
    readonly id: string;
    readonly title: string;
    readonly kind: string;
    readonly published: string | null;
    readonly text: string;
  }[];
}
export type ReadDocument = AnalystInput['documents'][number];

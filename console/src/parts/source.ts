/** What a page reads: a query of `useLive`, or as much of it as the page's header shows. */
export interface Source {
  readonly dataUpdatedAt: number;
  readonly isFetching: boolean;
  readonly error: Error | null;
  refetch(): Promise<unknown>;
}
